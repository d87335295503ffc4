// Scripts off: people come, get roles, lose them, are locked out and let in again.
import { Desk } from "../support/forms.ts";
import { PASSWORD, expect, test } from "../support/test.ts";

test.use({ who: "admin" });

test("a person's account, from the first password to the last", async ({ page, noise }) => {
  test.setTimeout(60_000);
  noise.allowStatus(422);
  const done = (text: string) => expect(page.getByRole("status").filter({ hasText: text })).toBeVisible();
  await page.goto("/people/new");
  await test.step("wrong input stays and is explained", async () => {
    await page.locator("#login").fill("not a login!");
    await page.locator("#display_name").fill("Nora New");
    await page.locator("#email").fill("nora@localhost");
    await page.locator("#password").fill("short");
    await page.getByLabel("Auditor").check();
    await page.locator("#groups").fill("claims");
    await page.getByRole("button", { name: "Create person" }).click();
    for (const name of ["login", "email", "password"]) await expect(page.locator(`#${name}-wrong`)).toBeVisible();
    await expect(page.locator("#display_name")).toHaveValue("Nora New");
    await expect(page.locator("#login")).toHaveValue("not a login!");
    await expect(page.locator("#password")).toHaveValue("");
    await expect(page.getByLabel("Auditor")).toBeChecked();
  });
  await test.step("created", async () => {
    await page.locator("#login").fill("nora");
    await page.locator("#email").fill("nora@example.test");
    await page.locator("#password").fill(PASSWORD);
    await page.getByRole("button", { name: "Create person" }).click();
    await done("Person created.");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Nora New");
  });
  const here = page.url().replace(/\?.*/, "");
  const nora = await Desk.signIn("nora", PASSWORD);
  await nora.get("/audit");
  await test.step("roles", async () => {
    await page.getByLabel("Auditor").uncheck();
    await page.getByRole("textbox", { name: "Groups" }).fill("claims, finance");
    await page.getByRole("button", { name: "Save" }).click();
    await done("Roles and groups saved.");
    await expect(page.getByLabel("Auditor")).not.toBeChecked();
    await expect(page.getByRole("textbox", { name: "Groups" })).toHaveValue("claims, finance");
    // At once, not with the next sign-in.
    await expect(nora.get("/audit")).rejects.toThrow("403");
  });
  await test.step("a token, revoked for them", async () => {
    await nora.token("night job");
    await page.goto(here);
    // Asked before: it cannot be taken back.
    const revoke = page.getByRole("button", { name: "Revoke for good: night job" });
    await expect(revoke).toBeHidden();
    await page.getByRole("row", { name: /night job/ }).locator("summary").click();
    await revoke.click();
    await done("Token revoked.");
    await page.getByText("1 token that opens nothing any more").click();
    await expect(page.getByRole("row", { name: /night job/ })).toContainText("revoked");
  });
  await test.step("two administrators at once: the second is told, and takes nothing back unseen", async () => {
    noise.allowStatus(409);
    const other = await page.context().newPage();
    await other.goto(here);
    await page.goto(here);
    await page.getByRole("textbox", { name: "Groups" }).fill("claims, finance, audit");
    await page.getByRole("button", { name: "Save" }).click();
    await done("Roles and groups saved.");
    await other.getByLabel("Auditor").check();
    await other.getByRole("button", { name: "Save" }).click();
    await expect(other.getByRole("alert")).toContainText("Somebody else changed this in the meantime.");
    await expect(other.getByLabel("Auditor")).toBeChecked();
    await other.close();
    await page.goto(here);
    await expect(page.getByLabel("Auditor")).not.toBeChecked();
    await page.getByRole("textbox", { name: "Groups" }).fill("claims, finance");
    await page.getByRole("button", { name: "Save" }).click();
    await done("Roles and groups saved.");
  });
  await test.step("password", async () => {
    await page.getByRole("textbox", { name: "New password" }).fill("short");
    await page.getByRole("button", { name: "Set password" }).click();
    await expect(page.locator("#password-wrong")).toBeVisible();
    // The other form on the page keeps what is stored.
    await expect(page.getByRole("textbox", { name: "Groups" })).toHaveValue("claims, finance");
    await page.getByRole("textbox", { name: "New password" }).fill("another horse battery");
    await page.getByRole("button", { name: "Set password" }).click();
    await done("Password set;");
    await Desk.signIn("nora", "another horse battery");
  });
  await test.step("disabled and enabled", async () => {
    const disable = page.getByRole("button", { name: "Disable the account" });
    await expect(disable).toBeHidden();
    await page.locator("summary", { hasText: "Disable…" }).click();
    await disable.click();
    await done("Account disabled");
    await expect(page.locator(".page-head .badge")).toHaveText("disabled");
    await expect(Desk.signIn("nora", "another horse battery")).rejects.toThrow("403");
    await page.getByRole("button", { name: "Enable the account" }).click();
    await done("Account enabled.");
    await Desk.signIn("nora", "another horse battery");
  });
});

test("the last administrator keeps the role", async ({ page, noise }) => {
  noise.allowStatus(422);
  noise.allowStatus(409);
  await page.goto("/people");
  await page.getByRole("link", { name: "Ada Lovelace", exact: true }).click();
  await expect(page.getByText("This is you")).toBeVisible();
  await expect(page.getByRole("button", { name: "Disable the account" })).toHaveCount(0);
});
