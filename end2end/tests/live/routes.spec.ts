// Every page loads, hydrates and says nothing on the console; the ways between pages need no reload.
import { stops } from "../support/pages.ts";
import { expect, give, hydrated, open, test, world, type Who } from "../support/test.ts";

for (const who of [undefined, "admin", "user"] as const) {
  test(`every page of ${who ?? "nobody"} hydrates`, async ({ context, page, noise }) => {
    test.setTimeout(90_000);
    if (who) await give(context, world().cookies[who]);
    for (const stop of stops().filter((stop) => stop.who === who)) {
      await test.step(stop.path, async () => {
        if (stop.status) noise.allowStatus(stop.status);
        const response = await page.goto(stop.path);
        expect(response?.status()).toBe(stop.status ?? 200);
        await hydrated(page);
        await expect(page.getByRole("heading", { level: 1 })).toHaveText(stop.title);
        expect(await page.title(), "a title of its own").toMatch(/\S+ · Countersign$/);
      });
    }
  });
}

const entries: [Who, string[]][] = [
  ["admin", ["Overview", "Sessions", "Connect", "Playground", "Connections", "Entities", "People", "Audit"]],
  ["auditor", ["Overview", "Sessions", "Playground", "Audit"]],
  ["user", ["Overview", "My sessions", "Connect", "Playground"]],
];
for (const [who, names] of entries) {
  test.describe(`the navigation of the ${who}`, () => {
    test.use({ who });
    test("goes everywhere without a reload", async ({ page }) => {
      await open(page, "/account");
      await page.evaluate(() => Object.assign(window, { stayed: true }));
      const main = page.getByRole("navigation", { name: "Main" });
      await expect(main.getByRole("link")).toHaveText(names);
      for (const name of names) {
        await main.getByRole("link", { name, exact: true }).click();
        await expect(main.locator("[aria-current=page]")).toHaveText(name);
        await expect(page.getByRole("heading", { level: 1 })).toHaveText(name === "People" ? "People and roles" : name);
        await expect(page.getByText("Loading…")).toHaveCount(0);
        await expect(page.locator(".problem")).toHaveCount(0);
        // The focus follows, so that a reader hears where it is; Tab goes on from there.
        await expect(page.locator("#content")).toBeFocused();
      }
      await page.goBack();
      await expect(main.locator("[aria-current=page]")).toHaveText(names.at(-2) ?? "");
      expect(await page.evaluate(() => "stayed" in window)).toBe(true);
    });
  });
}

test.describe("deep links", () => {
  test.use({ who: "admin" });
  test("rows open their pages and lead back", async ({ page }) => {
    await open(page, "/connections");
    await page.getByRole("link", { name: "team-07", exact: true }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("team-07");
    await expect(page.getByLabel("Name", { exact: true })).toHaveValue("team-07");
    await page.getByRole("link", { name: "Its sessions" }).click();
    await expect(page).toHaveURL("/sessions?connection=team-07");
    await expect(page.locator("tbody tr")).toHaveCount(2);
    await page.locator("tbody tr").first().getByRole("link").click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(/→ team-07$/);
    await page.getByRole("main").getByRole("link", { name: "Sessions", exact: true }).click();
    await expect(page).toHaveURL("/sessions");
    await open(page, "/people");
    await page.getByRole("link", { name: "Audrey Auditor" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Audrey Auditor");
    await expect(page.getByRole("textbox", { name: "Groups" })).toHaveValue("");
  });

  test("going from one connection to another shows the other's settings", async ({ page }) => {
    await open(page, "/connections/team-01");
    await page.getByRole("link", { name: "Connections" }).last().click();
    await page.getByRole("link", { name: "team-02", exact: true }).click();
    await expect(page.getByLabel("Name", { exact: true })).toHaveValue("team-02");
    await hydrated(page);
  });
});

test("strangers are sent to the sign-in and on to where they wanted to go", async ({ page }) => {
  await open(page, "/sessions?connection=team-03");
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await page.getByLabel("Sign-in name").fill("uma");
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL("/sessions?connection=team-03");
  await hydrated(page);
  await expect(page.locator("tbody tr")).toHaveCount(1);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByText("You are signed out.")).toBeVisible();
});
