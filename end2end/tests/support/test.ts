// The tests' own `test`: signed in as whom, and a console that has to stay silent.
import { readFileSync } from "node:fs";
import { test as base, expect, type BrowserContext, type Page } from "@playwright/test";

import { addresses, worldFile } from "./surroundings.ts";

export { expect };

/** The people of the installation; `undefined` is nobody. */
export type Who = "admin" | "auditor" | "user";

/** What the first run and the seeding left behind. */
export interface World {
  /** Sign-in cookies. */
  cookies: Record<Who, string>;
  ids: Record<Who, string>;
  /** Gateway tokens that open every granted connection. */
  tokens: Record<"admin" | "user" | "other", string>;
  /** A session of the person, with masked values in it. */
  sessions: Record<"admin" | "user", string>;
  /** A session whose last call was refused. */
  refused: string;
  /** Paths of a pattern and of a dictionary. */
  entities: Record<"pattern" | "dictionary", string>;
}

export const PASSWORD = "correct horse battery";

let known: World | undefined;

export function world(): World {
  return (known ??= JSON.parse(readFileSync(worldFile(), "utf8")) as World);
}

/** Signs a browser in without the form. */
export async function give(context: BrowserContext, cookie: string): Promise<void> {
  // Playwright wants https for a secure cookie; browsers give it to http://localhost all the same.
  const url = addresses.pages.replace("http:", "https:");
  await context.addCookies([{ name: "__Host-countersign", value: cookie, url, secure: true, httpOnly: true, sameSite: "Lax" }]);
}

/** What a page said on its console that it should not have said. */
export class Noise {
  private readonly heard: string[] = [];
  private readonly allowed: RegExp[] = [];

  listen(context: BrowserContext): void {
    context.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) {
        this.heard.push(`${message.type()} at ${message.page()?.url()}: ${message.text()}`);
      }
    });
    context.on("weberror", (error) => this.heard.push(`page error: ${error.error().message}`));
  }

  /** The browser itself reports pages that answer with this status. */
  allowStatus(...statuses: number[]): void {
    for (const status of statuses) {
      this.allowed.push(new RegExp(`Failed to load resource: the server responded with a status of ${status} `));
    }
  }

  allow(pattern: RegExp): void {
    this.allowed.push(pattern);
  }

  /** What was heard and not allowed. */
  loud(): string[] {
    return this.heard.filter((line) => !this.allowed.some((pattern) => pattern.test(line)));
  }
}

interface Fixtures {
  /** Who is signed in. */
  who: Who | undefined;
  /**
   * Pages as the server sends them, with what needs scripts shown but not running: for tests that only look. What
   * hydration leaves in place is the other tests' matter.
   */
  still: boolean;
  noise: Noise;
}

export const test = base.extend<Fixtures>({
  who: [undefined, { option: true }],
  still: [false, { option: true }],
  noise: async ({ context }, use) => {
    const noise = new Noise();
    noise.listen(context);
    await use(noise);
    expect(noise.loud(), "console").toEqual([]);
  },
  page: async ({ page, context, noise, who, still }, use) => {
    if (still) {
      const script = `export default async () => {}; export const hydrate = () => document.documentElement.setAttribute("data-js", "");`;
      await context.route("**/pkg/*.js", (route) => route.fulfill({ contentType: "text/javascript", body: script }));
      await context.route("**/pkg/*.wasm", (route) => route.fulfill({ contentType: "application/wasm", body: "" }));
      noise.allow(/was preloaded using link preload but not used/);
    }
    if (who) await give(context, world().cookies[who]);
    await use(page);
  },
});

/** Waits until the page is live: hydrated, and hearing news where somebody is signed in. */
export async function hydrated(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const feed = document.querySelector("[data-feed]");
    return document.documentElement.hasAttribute("data-js") && (!feed || feed.getAttribute("data-feed") === "open");
  });
}

/** Opens a path and waits until it is live. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await hydrated(page);
}
