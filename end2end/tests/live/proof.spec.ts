// Verification in the browser and by the server, both shown for what they are.
import { expect, open, test, world } from "../support/test.ts";

test.use({ who: "admin" });

test("verify here recomputes the shown rows in this browser", async ({ page }) => {
  await open(page, `/sessions/${world().sessions.user}`);
  const seal = page.locator(".verify-here .seal");
  await expect(seal).toHaveAttribute("data-chain", "unchecked");
  await page.getByRole("button", { name: "Verify here" }).click();
  await expect(seal).toHaveAttribute("data-chain", "here");
  await expect(seal).toHaveText(/Verified here: (\d+) of \1 rows recomputed/);
  await expect(page.getByText("This shows that these rows are unaltered, not that they are all rows")).toBeVisible();
});

test("the whole chain is verified by the server, and the check is itself recorded", async ({ page }) => {
  await open(page, "/audit");
  await page.getByRole("button", { name: "Verify the whole chain" }).click();
  await expect(page).toHaveURL("/audit?done=verified");
  await expect(page.locator(".chain .seal")).toHaveAttribute("data-chain", "server");
  await expect(page.locator(".chain .seal")).toContainText("Verified by the server");
  await expect(page.getByText("Every hash recomputed from the row's bytes")).toBeVisible();
  await expect(page.locator(".chain [role=alert]")).toHaveCount(0);
});
