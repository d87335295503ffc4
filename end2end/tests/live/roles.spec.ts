// What a role may see and do, in the browser.
import { expect, hydrated, open, test, world } from "../support/test.ts";

test.describe("a user", () => {
  test.use({ who: "user" });

  test("sees only their own sessions", async ({ page, noise }) => {
    await open(page, "/sessions?caller=ada");
    // The filter by caller is not theirs to use, and shows nothing of others.
    await expect(page.getByRole("searchbox", { name: "Caller" })).toHaveCount(0);
    await open(page, "/sessions");
    await expect(page.locator("tbody tr")).toHaveCount(50);
    const callers = await page.locator('td[data-th="Caller"]').allInnerTexts();
    expect(new Set(callers).size).toBe(1);
    expect(callers[0]).toContain("uma");
    noise.allowStatus(404);
    const response = await page.goto(`/sessions/${world().sessions.admin}`);
    expect(response?.status()).toBe(404);
    await expect(page.getByText("Nothing here")).toBeVisible();
  });

  test("has no pages of administrators and auditors", async ({ page, noise }) => {
    noise.allowStatus(403);
    for (const path of ["/connections", "/connections/new", "/connections/sample", "/people", "/people/new", "/audit"]) {
      const response = await page.goto(path);
      expect(response?.status(), path).toBe(403);
      await expect(page.getByText("Not yours to see")).toBeVisible();
      await expect(page.getByRole("link", { name: /^New (connection|person)$/ })).toHaveCount(0);
      await hydrated(page);
    }
  });
});

test.describe("an auditor", () => {
  test.use({ who: "auditor" });

  test("reads everybody's sessions and the chain, and changes nothing", async ({ page, noise }) => {
    await open(page, "/sessions?caller=uma");
    await expect(page.locator("tbody tr").first()).toContainText("uma");
    await open(page, `/sessions/${world().sessions.admin}`);
    await expect(page.locator(".exchange").first()).toBeVisible();
    await open(page, "/audit");
    await expect(page.getByRole("button", { name: "Verify the whole chain" })).toBeVisible();
    noise.allowStatus(403);
    for (const path of ["/connections", "/connections/sample", "/people", `/people/${world().ids.user}`]) {
      expect((await page.goto(path))?.status(), path).toBe(403);
    }
    // Not by hand either.
    const posted = (path: string, form: Record<string, string>) =>
      page.evaluate(async ([path, form]) => (await fetch(path, { method: "POST", body: new URLSearchParams(form) })).status, [
        path,
        form,
      ] as const);
    expect(await posted("/connections/sample", { name: "sample", version: "1" })).toBe(403);
    expect(await posted("/people/new", { login: "x", display_name: "x", password: "correct horse battery" })).toBe(403);
    expect(await posted(`/people/${world().ids.user}`, { action: "disable" })).toBe(403);
  });
});
