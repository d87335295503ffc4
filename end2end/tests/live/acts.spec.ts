// What scripts add to forms and lists: copying, filters in place, themes that stay.
import { expect, hydrated, open, test } from "../support/test.ts";

test.use({ who: "admin" });

test("a token, a base URL and a snippet can be copied", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await open(page, "/connect?connection=sample");
  await page.getByLabel("What is it for?").fill("copying");
  await page.getByRole("button", { name: "Make a token" }).click();
  const issued = page.locator(".issued");
  await expect(issued).toContainText("copying");
  await hydrated(page);
  const secret = await issued.locator("code").innerText();
  await expect(page).toHaveURL("/connect?connection=sample&done=token-made");
  expect(secret).toMatch(/^cs_/);
  await issued.getByRole("button", { name: "Copy token" }).click();
  await expect(issued.getByText("Copied")).toBeVisible();
  expect(await copied()).toBe(secret);
  await page.getByRole("button", { name: "Copy base URL" }).click();
  await expect.poll(copied).toMatch(/\/c\/[\w-]+$/);
  await page.getByRole("button", { name: "Copy curl snippet" }).click();
  await expect.poll(copied).toContain(`Bearer ${secret}`);
  // Shown once: gone after the next navigation.
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Overview" }).click();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Connect", exact: true }).click();
  await expect(page.getByRole("rowheader", { name: "copying" })).toBeVisible();
  await expect(page.getByText(secret)).toHaveCount(0);
});

test("filters apply as they change, stay in the address, and come off one by one", async ({ page }) => {
  await open(page, "/sessions");
  await expect(page.locator("tbody tr")).toHaveCount(50);
  await page.getByRole("searchbox", { name: "Connection" }).fill("team-05");
  await page.getByRole("searchbox", { name: "Connection" }).press("Tab");
  await expect(page).toHaveURL("/sessions?connection=team-05");
  await expect(page.locator("tbody tr")).toHaveCount(2);
  await page.getByRole("searchbox", { name: "Caller" }).fill("UMA");
  await page.getByRole("searchbox", { name: "Caller" }).press("Enter");
  await expect(page).toHaveURL("/sessions?caller=UMA&connection=team-05");
  await expect(page.locator("tbody tr")).toHaveCount(1);
  await page.getByLabel("Ended").selectOption("refused");
  await expect(page.getByRole("heading", { name: "No session matches" })).toBeVisible();
  await page.getByRole("link", { name: /^Remove the filter Ended/ }).click();
  await expect(page.locator("tbody tr")).toHaveCount(1);
  await page.getByRole("link", { name: /^Remove the filter Caller/ }).click();
  await expect(page.locator("tbody tr")).toHaveCount(2);
  await expect(page.getByRole("searchbox", { name: "Caller" })).toHaveValue("");
  await expect(page.getByRole("searchbox", { name: "Connection" })).toHaveValue("team-05");
  await page.goBack();
  await expect(page.getByRole("searchbox", { name: "Caller" })).toHaveValue("UMA");
});

test("older sessions are one page away, and the newest one page back", async ({ page }) => {
  await open(page, "/sessions");
  const first = await page.locator("[data-row]").first().getAttribute("href");
  await page.getByRole("link", { name: "Older" }).click();
  await expect(page).toHaveURL(/cursor=/);
  await expect(page.locator(`[data-row][href="${first}"]`)).toHaveCount(0);
  await expect(page.locator("tbody tr")).toHaveCount(50);
  await page.getByRole("link", { name: "Newest" }).click();
  await expect(page.locator(`[data-row][href="${first}"]`)).toHaveCount(1);
});

test("a chosen theme stays across pages and reloads", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await open(page, "/people");
  const paper = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await paper();
  // A form half filled in stays as it is.
  await open(page, "/people/new");
  await page.getByLabel("Sign-in name").fill("half");
  const kept = page.waitForResponse((response) => new URL(response.url()).pathname === "/theme");
  await page.getByRole("button", { name: "Dark" }).click();
  await kept;
  await expect(page.getByLabel("Sign-in name")).toHaveValue("half");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  expect(await paper()).not.toBe(light);
  await expect(page.getByRole("button", { name: "Dark" })).toHaveAttribute("aria-pressed", "true");
  await open(page, "/audit");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.getByRole("button", { name: "Auto" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "system");
  expect(await paper()).toBe(light);
});

test("another connection is chosen in place: nothing typed is lost", async ({ page }) => {
  await open(page, "/connect");
  await page.getByLabel("What is it for?").fill("half a form");
  await page.getByText("Python", { exact: true }).click();
  await page.getByLabel(/^Connection, of \d+ granted to you/).selectOption("team-31");
  await expect(page).toHaveURL("/connect?connection=team-31");
  await expect(page.locator(".snippets")).toContainText("/c/team-31/chat/completions");
  await expect(page.getByText("What team-31 is for")).toBeVisible();
  await expect(page.getByLabel("What is it for?")).toHaveValue("half a form");
  await expect(page.locator(".snippets details").nth(1)).toHaveAttribute("open", "");
  await page.goBack();
  await expect(page.getByLabel(/^Connection, of/)).not.toHaveValue("team-31");
});

test("a form that is sent twice acts once", async ({ page }) => {
  await open(page, "/connect?connection=sample");
  await page.getByLabel("What is it for?").fill("twice");
  await page.getByRole("button", { name: "Make a token" }).dblclick();
  await expect(page.locator(".issued")).toContainText("twice");
  await expect(page.getByRole("rowheader", { name: "twice" })).toHaveCount(1);
});
