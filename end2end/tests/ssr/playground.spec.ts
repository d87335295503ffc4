// Scripts off: the playground says that it needs one, and what to do without.
import { expect, test } from "../support/test.ts";

test.use({ who: "auditor" });

test("the playground says what it needs", async ({ page }) => {
  await page.goto("/playground");
  await expect(page.getByRole("heading", { name: "This page computes in your browser, so it needs JavaScript" })).toBeVisible();
  await expect(page.getByText("countersign detect < text.txt")).toBeVisible();
  await expect(page.locator("#text")).toBeHidden();
});
