// Browser tests: the system's Chromium against the development server, which brings its own PostgreSQL.
//
// `cargo xtask e2e` builds what is needed and tells where it is; without it the usual places are taken.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig, devices } from "@playwright/test";

const port = Number(process.env.COUNTERSIGN_E2E_PORT ?? 39780);
const address = `127.0.0.1:${port}`;
const server = process.env.COUNTERSIGN_BIN ?? fileURLToPath(new URL("../target/debug/countersign", import.meta.url));

// This file is loaded by the runner and again by each worker; only the runner makes the folder and takes it away.
// PostgreSQL does not run as root and needs to pass through: the server opens the last folder by itself.
const data = (process.env.COUNTERSIGN_E2E_DATA ??= freshFolder());

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "countersign-e2e-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export default defineConfig({
  testDir: ".",
  testMatch: "**/*.spec.ts",
  testIgnore: ["**/node_modules/**", "clients/**"],
  outputDir: "test-results",
  workers: 2,
  // A test that passes at the second try hides a fault.
  retries: 0,
  forbidOnly: true,
  timeout: 30_000,
  expect: { timeout: 10_000 },
  reporter: "list",
  use: {
    baseURL: `http://${address}`,
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    // No time or language of the machine in any page.
    locale: "en-GB",
    timezoneId: "UTC",
    launchOptions: {
      executablePath: process.env.COUNTERSIGN_CHROMIUM ?? "/usr/bin/chromium",
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
    {
      name: "desktop",
      use: { ...devices["Desktop Chrome"], viewport: { width: 1280, height: 800 } },
      testIgnore: ["**/ssr/**", "**/phone/**"],
    },
    {
      // Every page is complete and every form works with scripts switched off.
      name: "no-script",
      use: { ...devices["Desktop Chrome"], javaScriptEnabled: false },
      testMatch: "ssr/**/*.spec.ts",
    },
    {
      name: "phone",
      use: { ...devices["Pixel 7"] },
      testMatch: "phone/**/*.spec.ts",
    },
  ],
  webServer: {
    // `exec`, so that the signal reaches the server and not a shell.
    command: `exec "${server}" serve --data-dir "${data}" --listen ${address}`,
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    url: `http://${address}/healthz`,
    timeout: 60_000,
    reuseExistingServer: false,
    gracefulShutdown: { signal: "SIGTERM", timeout: 30_000 },
    stdout: "pipe",
    stderr: "pipe",
  },
});
