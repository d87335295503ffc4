// Scripts off: in, out, one's password, one's theme.
import { Desk } from "../support/forms.ts";
import { PASSWORD, expect, give, test, world } from "../support/test.ts";

test("in with a wrong password, then with the right one, and out", async ({ page, noise }) => {
  noise.allowStatus(422);
  await page.goto("/audit");
  await expect(page).toHaveURL("/sign-in?next=%2Faudit");
  await page.getByLabel("Sign-in name").fill("audrey");
  await page.getByLabel("Password").fill("not this one");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toHaveText("The sign-in name or the password is wrong.");
  await expect(page.getByLabel("Sign-in name")).toHaveValue("audrey");
  await expect(page.getByLabel("Password")).toHaveValue("");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL("/audit");
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL("/sign-in?done=signed-out");
  await page.goto("/audit");
  await expect(page).toHaveURL("/sign-in?next=%2Faudit");
});

test("a changed password: the old one and a mistyped one are refused, the new one opens", async ({ page, noise }) => {
  noise.allowStatus(422);
  const ada = new Desk(world().cookies.admin);
  await ada.post("/people/new", { login: "pat", display_name: "Pat", email: "", password: PASSWORD, groups: "", roles: "user" });
  await give(page.context(), (await Desk.signIn("pat", PASSWORD)).cookie);
  const change = async (old: string, fresh: string, again: string) => {
    await page.goto("/account");
    await page.getByLabel("Present password").fill(old);
    await page.getByLabel("New password", { exact: true }).fill(fresh);
    await page.getByLabel("New password, again").fill(again);
    await page.getByRole("button", { name: "Change password" }).click();
  };
  const said = (label: string) =>
    page
      .locator(".field")
      .filter({ has: page.getByLabel(label, { exact: true }) })
      .locator(".wrong");
  await change("not my password", "a quite different sentence", "a quite different sentence");
  await expect(said("Present password")).toBeVisible();
  await change(PASSWORD, "a quite different sentence", "a quite different sentense");
  await expect(said("New password, again")).toBeVisible();
  await change(PASSWORD, "short", "short");
  await expect(said("New password")).toBeVisible();
  await change(PASSWORD, "a quite different sentence", "a quite different sentence");
  await expect(page.getByRole("status").filter({ hasText: "Your password was changed." })).toBeVisible();
  await Desk.signIn("pat", "a quite different sentence");
  await expect(Desk.signIn("pat", PASSWORD)).rejects.toThrow("cannot sign in");
});

test("a theme is chosen and kept", async ({ page }) => {
  await give(page.context(), world().cookies.user);
  await page.goto("/sessions?connection=team-01");
  for (const [button, name] of [
    ["Dark", "dark"],
    ["Light", "light"],
    ["Auto", "system"],
  ] as const) {
    await page.getByRole("button", { name: button }).click();
    await expect(page).toHaveURL("/sessions?connection=team-01");
    await expect(page.locator("html")).toHaveAttribute("data-theme", name);
  }
});
