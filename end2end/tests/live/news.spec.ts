// Pages that are open hear what happens at the gateway.
import { say } from "../support/caller.ts";
import { expect, open, test, world } from "../support/test.ts";

test.use({ who: "admin" });

test("a call shows up on the open overview", async ({ page }) => {
  await open(page, "/");
  const count = page.locator(".figures div").filter({ hasText: "Exchanges" }).locator("dd");
  const number = async () => Number((await count.innerText()).replace(/\D/g, ""));
  const before = await number();
  await say(world().tokens.user, "Hello overview");
  await expect.poll(number).toBeGreaterThan(before);
});

test("a call is offered on the open session list, and shown when asked for", async ({ page }) => {
  // One connection that no other test calls.
  await open(page, "/sessions?connection=team-50&caller=bob");
  await expect(page.getByText("No session matches")).toBeVisible();
  // Nothing is offered for what the page shows already, nor for what the filter leaves out.
  await say(world().tokens.user, "Hello, elsewhere");
  await page.waitForTimeout(3_000);
  await expect(page.locator(".news button")).toHaveCount(0);
  const offer = page.getByRole("button", { name: "1 session has news · show" });
  await say(world().tokens.other, "Hello sessions, from bob@example.test", "team-50");
  await offer.click();
  await expect(page.locator("tbody tr")).toHaveCount(1);
  await expect(page.locator("tbody tr")).toContainText("email address");
  await expect(offer).toHaveCount(0);
});

test("the answer arrives piece by piece and masked, through the real client", async () => {
  const answer = await say(world().tokens.user, "I am uma@example.test");
  expect(answer).toContain("This is the built-in sample model");
  expect(answer).not.toContain("uma@example.test");
  expect(answer).not.toContain("help.desk@example.com");
});
