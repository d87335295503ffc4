// Scripts off: filters, pages and the audit.
import { expect, test, world } from "../support/test.ts";

test.use({ who: "admin" });

test("filters are a form, narrow the list and come off one by one", async ({ page, noise }) => {
  await page.goto("/sessions");
  await page.getByRole("searchbox", { name: "Caller" }).fill("uma");
  await page.getByLabel("Found").fill("CREDIT_CARD");
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page).toHaveURL("/sessions?caller=uma&entity=CREDIT_CARD");
  await expect(page.getByRole("searchbox", { name: "Caller" })).toHaveValue("uma");
  const callers = await page.locator('td[data-th="Caller"]').allInnerTexts();
  expect(callers.length).toBe(50);
  expect(callers.every((caller) => caller.includes("uma"))).toBe(true);
  await page.getByRole("searchbox", { name: "Connection" }).fill("team-09");
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page.locator("tbody tr")).toHaveCount(1);
  await page.getByRole("link", { name: "Remove the filter Caller: uma" }).click();
  await expect(page.locator("tbody tr")).toHaveCount(2);
  await page.getByRole("link", { name: "Remove all" }).click();
  await expect(page).toHaveURL("/sessions");
  await page.getByLabel("Since, UTC").fill("2030-01-01T00:00");
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByRole("heading", { name: "No session matches" })).toBeVisible();
  // What cannot be read is refused, not ignored.
  noise.allowStatus(422);
  expect((await page.goto("/sessions?since=yesterday"))?.status()).toBe(422);
  await expect(page.getByRole("alert")).toContainText("Enter a date");
});

test("all sessions are reached page by page, each once, newest first", async ({ page }) => {
  await page.goto("/sessions?caller=ada");
  const seen: string[] = [];
  const moments: number[] = [];
  for (;;) {
    seen.push(...(await page.locator("[data-row]").evaluateAll((rows) => rows.map((row) => row.getAttribute("href") ?? ""))));
    moments.push(
      ...(await page
        .locator("[data-row] time")
        .evaluateAll((times) => times.map((time) => Date.parse(time.getAttribute("datetime") ?? "")))),
    );
    const older = page.getByRole("link", { name: "Older" });
    if (!(await older.count())) break;
    await older.click();
  }
  expect(new Set(seen).size).toBe(seen.length);
  // No other test calls as her: the sample, metadata, and every team.
  expect(seen.length).toBeGreaterThanOrEqual(55);
  expect(moments).toEqual([...moments].sort((a, b) => b - a));
});

test("the transcript shows what was masked, and never what stood there", async ({ page }) => {
  await page.goto(`/sessions/${world().sessions.user}`);
  const shown = await page.locator("body").innerText();
  for (const planted of ["5555 5555 5555 4444", "grace.hopper@example.com", "536-90-4399", "DE89 3704", "10.20.30.40", "ops@example.org"]) {
    expect(shown, planted).not.toContain(planted);
  }
  for (const label of ["credit card", "email address", "iban code", "us ssn"]) {
    await expect(page.locator(".turn-text .masked").filter({ hasText: label }).first()).toBeVisible();
  }
  // Characters that deceive are shown as what they are.
  await expect(page.locator(".turn-text .deceiving").first()).toHaveText("U+202E");
});

test("the chain is verified by a form, and the check is an event", async ({ page }) => {
  await page.goto("/audit");
  await page.getByRole("button", { name: "Verify the whole chain" }).click();
  await expect(page).toHaveURL("/audit?done=verified");
  await expect(page.locator(".chain .seal")).toHaveAttribute("data-chain", "server");
  await expect(page.getByText("Every link to the row before intact")).toBeVisible();
  await page.getByRole("link", { name: "Older" }).first().click();
  await expect(page).toHaveURL(/cursor=/);
  await expect(page.locator("tbody tr").first()).toBeVisible();
});
