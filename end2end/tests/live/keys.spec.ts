// Keys: never needed, switched off when they disturb (WCAG 2.1.4).
import { expect, open, test } from "../support/test.ts";

test.use({ who: "admin" });

test("slash, j, k and Enter work the session list", async ({ page }) => {
  await open(page, "/sessions");
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox", { name: "Caller" })).toBeFocused();
  // A letter typed into a field is a letter.
  await page.keyboard.type("jk");
  await expect(page.getByRole("searchbox", { name: "Caller" })).toHaveValue("jk");
  await page.getByRole("searchbox", { name: "Caller" }).fill("");
  await page.getByRole("heading", { level: 1 }).click();
  const rows = page.locator("[data-row]");
  await page.keyboard.press("j");
  await expect(rows.nth(0)).toBeFocused();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await expect(rows.nth(2)).toBeFocused();
  await page.keyboard.press("k");
  await expect(rows.nth(1)).toBeFocused();
  const target = await rows.nth(1).getAttribute("href");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(target ?? "?");
});

test("the list of keys opens, holds the focus, closes, and can switch the keys off for good", async ({ page }) => {
  await open(page, "/sessions");
  const sheet = page.getByRole("dialog", { name: "Keyboard" });
  await expect(sheet).toBeHidden();
  const first = page.locator("[data-row]").first();
  await first.focus();
  await page.keyboard.press("?");
  await expect(sheet).toBeVisible();
  await expect(sheet.getByRole("button", { name: "Close" })).toBeFocused();
  // Tab does not leave it for the page underneath, and keys do not act there.
  for (let at = 0; at < 4; at += 1) {
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement === document.body || document.activeElement?.closest("dialog") !== null)).toBe(true);
  }
  await page.keyboard.press("j");
  await page.keyboard.press("Escape");
  await expect(sheet).toBeHidden();
  await expect(first).toBeFocused();
  await page.keyboard.press("?");
  await sheet.getByLabel("Single-key shortcuts in this browser").uncheck();
  await sheet.getByRole("button", { name: "Close" }).click();
  await page.keyboard.press("?");
  await expect(sheet).toBeHidden();
  await open(page, "/account");
  await expect(page.getByRole("main").getByLabel("Single-key shortcuts in this browser")).not.toBeChecked();
  await page.getByRole("main").getByLabel("Single-key shortcuts in this browser").check();
  await page.keyboard.press("?");
  await expect(sheet).toBeVisible();
});

test("j and k go through the events of the record", async ({ page }) => {
  await open(page, "/audit");
  const rows = page.locator("[data-row]");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await expect(rows.nth(1)).toBeFocused();
  await page.keyboard.press("k");
  await expect(rows.nth(0)).toBeFocused();
});
