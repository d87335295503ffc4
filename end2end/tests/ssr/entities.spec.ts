// Scripts off: a pattern is made after its faults were said, changed and deleted.
import { expect, test } from "../support/test.ts";

test.use({ who: "admin" });

test("a pattern: its samples are tried, it is saved, changed and deleted", async ({ page, noise }) => {
  noise.allowStatus(422);
  await page.goto("/entities");
  await page.getByRole("link", { name: "New pattern" }).click();
  await page.locator("#name").fill("case_number");
  await page.locator("#pattern").fill("CN-[0-9]+");
  await page.locator("#hits").fill("see CN-77\nand CN-1234");
  await page.locator("#misses").fill("CN-");
  await page.getByRole("button", { name: "Create and look for it" }).click();
  await expect(page.locator("#pattern-wrong")).toContainText("At character 9: This repetition has no end.");
  await expect(page.locator("#hits")).toHaveValue("see CN-77\nand CN-1234");
  await page.locator("#pattern").fill("CN-[0-9]{3,9}");
  await page.getByRole("button", { name: "Create and look for it" }).click();
  await expect(page.locator("#hits-wrong")).toHaveText("Sample 1: Nothing is found in it.");
  await page.locator("#pattern").fill("CN-[0-9]{2,9}");
  await page.getByRole("button", { name: "Create and look for it" }).click();
  await expect(page).toHaveURL(/\/entities\/ent_[0-9a-f]{32}\?done=entity-created$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("CASE_NUMBER");
  await expect(page.locator("#misses")).toHaveValue("CN-");

  await page.getByLabel("Looked for").uncheck();
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByRole("status").first()).toContainText("Saved.");
  await page.goto("/entities");
  await expect(page.getByRole("row", { name: /CASE_NUMBER/ })).toContainText("off");

  await page.getByRole("link", { name: "CASE_NUMBER" }).click();
  await page.getByRole("link", { name: "Delete…" }).click();
  await page.getByRole("button", { name: "Delete it" }).click();
  await expect(page).toHaveURL("/entities?done=entity-deleted");
  await expect(page.getByRole("link", { name: "CASE_NUMBER" })).toHaveCount(0);
});
