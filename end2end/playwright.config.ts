// Browser tests: the system's Chromium against the development server, which brings its own PostgreSQL, and a test
// issuer for OpenID Connect.
//
// `cargo xtask e2e` builds what is needed and says where it is; without it the usual places are taken. The project
// `first-run` goes through the whole first run in the browser, once, and makes what all others look at.
import { fileURLToPath } from "node:url";
import { defineConfig, devices } from "@playwright/test";

import { addresses, chromium, layOut, server } from "./tests/support/surroundings.ts";

const { data, settings } = layOut();
const desktop = { ...devices["Desktop Chrome"], viewport: { width: 1280, height: 860 } };

export default defineConfig({
  testDir: "tests",
  testMatch: "**/*.spec.ts",
  outputDir: "test-results",
  workers: 2,
  // A test that passes at the second try hides a fault.
  retries: 0,
  forbidOnly: true,
  timeout: 30_000,
  expect: { timeout: 10_000 },
  reporter: "list",
  use: {
    baseURL: addresses.pages,
    // Recording costs a third of the time: asked for when a failure is looked into.
    trace: process.env.COUNTERSIGN_TRACE ? "retain-on-failure" : "off",
    screenshot: "only-on-failure",
    // No time or language of the machine in any page.
    locale: "en-GB",
    timezoneId: "UTC",
    launchOptions: {
      executablePath: chromium,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    { name: "first-run", testMatch: "first-run.setup.ts", use: desktop, timeout: 90_000 },
    {
      name: "browser",
      use: desktop,
      testIgnore: ["ssr/**", "shots.spec.ts"],
      dependencies: ["first-run"],
    },
    {
      // Every page is complete and every form works with scripts switched off.
      name: "no-script",
      use: { ...desktop, javaScriptEnabled: false },
      testMatch: "ssr/**/*.spec.ts",
      dependencies: ["first-run"],
    },
    // Pictures of every page, to be looked at: only when a folder for them is named.
    ...(process.env.COUNTERSIGN_SHOTS
      ? [{ name: "shots", use: desktop, testMatch: "shots.spec.ts", dependencies: ["first-run"], timeout: 120_000 }]
      : []),
  ],
  webServer: [
    {
      name: "issuer",
      command: "exec node oidc/provider.mjs",
      cwd: fileURLToPath(new URL(".", import.meta.url)),
      env: {
        PORT: new URL(addresses.issuer).port,
        REDIRECT_URIS: `${addresses.pages}/sign-in/oidc/company/callback`,
        POST_LOGOUT_REDIRECT_URIS: `${addresses.pages}/sign-in?done=signed-out`,
      },
      url: `${addresses.issuer}/.well-known/openid-configuration`,
      reuseExistingServer: false,
      gracefulShutdown: { signal: "SIGTERM", timeout: 5_000 },
      stderr: "pipe",
    },
    {
      name: "countersign",
      // `exec`, so that the signal reaches the server and not a shell.
      command: `exec "${server}" serve --config "${settings}" --data-dir "${data}"`,
      cwd: fileURLToPath(new URL("..", import.meta.url)),
      // The one-time link is printed when the server listens.
      wait: { stdout: /\/setup\?token=(?<countersign_e2e_setup>[\w-]+)/ },
      timeout: 60_000,
      gracefulShutdown: { signal: "SIGTERM", timeout: 30_000 },
      stderr: "pipe",
    },
  ],
});
