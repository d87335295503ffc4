// Pictures of every page for people to look at, in the folder COUNTERSIGN_SHOTS.
import { join } from "node:path";

import { Desk } from "./support/forms.ts";
import { stops } from "./support/pages.ts";
import { PASSWORD, expect, give, hydrated, open, test, world } from "./support/test.ts";

const folder = process.env.COUNTERSIGN_SHOTS ?? "";

for (const scheme of ["light", "dark"] as const) {
  for (const width of [1920, 1280, 768, 360]) {
    test(`${scheme} ${width}`, async ({ page, context, noise }) => {
      noise.allow(/Failed to load resource/);
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height: 860 });
      const shoot = (name: string) => page.screenshot({ path: join(folder, `${name}-${scheme}-${width}.png`), fullPage: true });
      let who: string | undefined;
      for (const stop of stops()) {
        if (stop.who && stop.who !== who) await give(context, world().cookies[stop.who]);
        who = stop.who;
        await page.goto(stop.path);
        await hydrated(page);
        await page.evaluate(() => document.fonts.ready);
        await shoot(stop.name);
      }
      // Somebody who has just come.
      await give(context, (await Desk.signIn("bob", PASSWORD)).cookie);
      for (const [name, path] of [
        ["overview-empty", "/"],
        ["sessions-empty", "/sessions"],
      ] as const) {
        await open(page, path);
        await shoot(name);
      }
      await give(context, world().cookies.admin);
      await open(page, "/connections/new");
      await page.locator("#name").fill("x");
      await page.locator("#base_url").fill("ftp://x");
      await page.locator("#connect_ms").fill("soon");
      await page.getByRole("button", { name: "Create connection" }).click();
      await hydrated(page);
      await shoot("errors");
      await open(page, "/connections/sample");
      await page.getByRole("button", { name: "Test the saved settings" }).click();
      await expect(page.locator(".report")).toBeVisible();
      await hydrated(page);
      await shoot("tested");
      await open(page, "/connect");
      await page.getByLabel("What is it for?").fill("A laptop");
      await page.getByRole("button", { name: "Make a token" }).click();
      await expect(page.locator(".issued")).toBeVisible();
      await hydrated(page);
      await shoot("issued");
      await open(page, "/audit");
      await page.getByRole("button", { name: "Verify the whole chain" }).click();
      await expect(page.locator(".chain .seal[data-chain=server]")).toBeVisible();
      await hydrated(page);
      await shoot("audit-verified");
      await open(page, "/playground");
      await page.getByRole("button", { name: "Disguised values" }).click();
      await page.getByLabel("Text file").setInputFiles({ name: "letter.txt", mimeType: "text/plain", buffer: Buffer.from("To ann@example.com\n") });
      await expect(page.getByText("1 found in letter.txt")).toBeVisible();
      await shoot("playground-used");
      await open(page, `/sessions/${world().sessions.user}`);
      await page.getByRole("button", { name: "Verify here" }).click();
      // For README and docs: one window each.
      await page.setViewportSize({ width, height: 660 });
      await page.screenshot({ path: join(folder, `docs-session-${scheme}-${width}.png`) });
      await open(page, "/");
      await page.screenshot({ path: join(folder, `docs-overview-${scheme}-${width}.png`) });
      await page.setViewportSize({ width, height: 860 });
      await open(page, `/sessions/${world().sessions.user}`);
      await page.evaluate(() => document.querySelectorAll("main details").forEach((details) => details.setAttribute("open", "")));
      await page.keyboard.press("?");
      await shoot("session-open");
      if (width < 960) {
        await open(page, "/");
        await page.getByText("Menu", { exact: true }).click();
        await shoot("menu");
      }
    });
  }
}
