// Scripts off: one's own tokens.
import { client } from "../support/caller.ts";
import { expect, test } from "../support/test.ts";

test.use({ who: "user" });

test("a token is shown once, works, and does not after it was revoked", async ({ page, noise }) => {
  noise.allowStatus(422);
  await page.goto("/connect");
  // Of many connections one is chosen from a list; the button needs no script.
  await page.getByLabel(/^Connection, of \d+ granted to you/).selectOption("sample");
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page).toHaveURL("/connect?connection=sample");
  await expect(page.locator(".snippets")).toContainText("/c/sample/chat/completions");
  await expect(page.locator(".snippets"), "the sample's model is known to those who do not see where it is").toContainText("countersign-sample");
  await page.getByLabel("What is it for?").fill("once");
  await page.getByLabel("At most so many calls").fill("many");
  await page.getByLabel("Works for").selectOption("3600");
  await page.getByRole("checkbox", { name: "sample" }).check();
  await page.getByRole("button", { name: "Make a token" }).click();
  await expect(page.locator("#max_uses-wrong")).toBeVisible();
  await expect(page.getByLabel("What is it for?")).toHaveValue("once");
  await expect(page.getByLabel("Works for")).toHaveValue("3600");
  await expect(page.getByRole("checkbox", { name: "sample" })).toBeChecked();
  await page.getByLabel("At most so many calls").fill("20");
  await page.getByRole("button", { name: "Make a token" }).click();
  await expect(page).toHaveURL("/connect?connection=sample&done=token-made");
  await expect(page.locator(".snippets")).toContainText("/c/sample/chat/completions");
  const secret = await page.locator(".issued code").innerText();
  expect(secret).toMatch(/^cs_/);
  // The snippets are ready to be pasted.
  await expect(page.locator(".snippets")).toContainText(secret);
  // Sent again by the browser, it makes and shows nothing.
  await page.reload();
  expect(await page.content()).not.toContain(secret);
  await expect(page.getByRole("row", { name: /^once/ })).toHaveCount(1);
  await page.goto("/connect");
  expect(await page.content()).not.toContain(secret);
  const row = page.getByRole("row", { name: /^once/ });
  await expect(row).toContainText("sample");
  await expect(row).toContainText("0 of 20");

  await client(secret).models.list();
  await expect(client(secret, "team-01").models.list(), "another connection").rejects.toThrow();
  await row.locator("summary").click();
  await row.getByRole("button", { name: "Revoke for good: once" }).click();
  await expect(page).toHaveURL("/connect?done=token-revoked");
  // What opens nothing any more is folded away.
  await page.getByText(/^\d+ tokens? that opens? nothing any more$/).click();
  await expect(row).toContainText("revoked");
  await expect(row.getByRole("button")).toHaveCount(0);
  await expect(row.getByText("Revoke…")).toHaveCount(0);
  await expect(async () => {
    await expect(client(secret).models.list()).rejects.toThrow(/401/);
  }).toPass({ timeout: 5_000 });
});

test("one of many connections can be the only one, and many can be named", async ({ page }) => {
  await page.goto("/connect?connection=team-07");
  const others = page.getByText(/^\d+ others$/);
  await expect(page.getByRole("checkbox", { name: "team-07" })).toBeVisible();
  await expect(page.getByRole("checkbox", { name: "team-08" })).toBeHidden();
  await others.click();
  for (const name of ["team-08", "team-09", "team-10", "team-11"]) await page.getByRole("checkbox", { name }).check();
  await page.getByLabel("What is it for?").fill("for four");
  await page.getByRole("button", { name: "Make a token" }).click();
  const row = page.getByRole("row", { name: /^for four/ });
  await row.getByText("4 connections").click();
  await expect(row).toContainText("team-08, team-09, team-10, team-11");
});
