// axe on every page: light and dark, wide and narrow, with everything that folds opened. No violation is accepted.
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import type Axe from "axe-core";

import { everywhere } from "../support/pages.ts";
import { expect, hydrated, open, test, world } from "../support/test.ts";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe has against the page as it stands. */
async function faults(page: Page): Promise<string[]> {
  // One page, no frames: no second page is needed to put the results together.
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ["violations"] });
  return told((await axe.withTags(TAGS).analyze()).violations);
}

/** What axe, which is in the page by now, has against its colours. */
async function contrast(page: Page): Promise<string[]> {
  const { violations } = await page.evaluate(() =>
    (window as unknown as { axe: typeof Axe }).axe.run(document, { runOnly: ["color-contrast"], resultTypes: ["violations"] }),
  );
  return told(violations);
}

const told = (violations: Axe.Result[]) =>
  violations.map(({ id, help, nodes }) => {
    const places = nodes.slice(0, 5).map((node) => `${node.html.slice(0, 200)}\n      ${node.failureSummary ?? ""}`);
    return `${id}: ${help}\n    ${places.join("\n    ")}`;
  });

const unfold = (page: Page) => page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));

test.describe("at rest", () => {
  test.use({ still: true });

  for (const width of [1280, 360]) {
    test(`every page at ${width} px, light and dark`, async ({ page, noise }) => {
      await page.emulateMedia({ reducedMotion: "reduce" });
      await page.setViewportSize({ width, height: 800 });
      await everywhere(page, noise, async ({ path }) => {
        await page.emulateMedia({ colorScheme: "light" });
        expect.soft(await faults(page), `${path}, light`).toEqual([]);
        await page.emulateMedia({ colorScheme: "dark" });
        expect.soft(await contrast(page), `${path}, dark`).toEqual([]);
      });
    });
  }
});

test.describe("states that need an act", () => {
  test.use({ who: "admin" });

  test("errors, a new token, a test report, the menu, the list of keys, a proof", async ({ page, noise }) => {
    noise.allowStatus(422);
    await open(page, "/connections/new");
    await page.locator("#name").fill("x");
    await page.locator("#base_url").fill("ftp://x");
    await page.getByRole("button", { name: "Create connection" }).click();
    await expect(page.locator("#base_url-wrong")).toBeVisible();
    await hydrated(page);
    expect.soft(await faults(page), "errors").toEqual([]);

    await open(page, "/connect");
    await page.getByLabel("What is it for?").fill("axe");
    await page.getByRole("button", { name: "Make a token" }).click();
    await expect(page.locator(".issued")).toBeVisible();
    await hydrated(page);
    await unfold(page);
    expect.soft(await faults(page), "a new token").toEqual([]);

    await open(page, "/connections/nobody-there");
    await page.getByRole("button", { name: "Test the saved settings" }).click();
    await expect(page.locator(".report")).toContainText("The test stopped at");
    await hydrated(page);
    expect.soft(await faults(page), "a test report").toEqual([]);

    await open(page, `/sessions/${world().sessions.user}`);
    await page.getByRole("button", { name: "Verify here" }).click();
    await page.keyboard.press("?");
    await expect(page.getByRole("dialog", { name: "Keyboard" })).toBeVisible();
    expect.soft(await faults(page), "keys and a proof").toEqual([]);

    await page.setViewportSize({ width: 360, height: 700 });
    await open(page, "/");
    await page.getByText("Menu", { exact: true }).click();
    await expect(page.getByRole("navigation", { name: "Main, small" })).toBeVisible();
    expect.soft(await faults(page), "the menu").toEqual([]);
  });
});
