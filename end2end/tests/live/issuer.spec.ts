// Signing in and out at an OpenID Connect issuer, in the browser.
import type { Page } from "@playwright/test";

import { expect, hydrated, open, test } from "../support/test.ts";

async function signIn(page: Page, person: string, next = "/account"): Promise<void> {
  await open(page, next);
  await page.getByRole("link", { name: "Continue with Test company" }).click();
  await page.getByLabel("Person").selectOption(person);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(next);
  await hydrated(page);
}

test("ana of the admins is an administrator, and signs out at the issuer too", async ({ page }) => {
  test.setTimeout(60_000);
  await signIn(page, "ana", "/connections");
  await expect(page.getByRole("link", { name: "team-01", exact: true })).toBeVisible();
  await open(page, "/account");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Ana Admin");
  await expect(page.getByText("Groups: admins")).toBeVisible();
  // What the issuer says is not offered to be changed here.
  await open(page, "/people");
  await page.getByRole("link", { name: "Ana Admin", exact: true }).click();
  await expect(page.getByText("They come from the identity provider")).toBeVisible();
  await expect(page.getByRole("main").getByRole("checkbox")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Save" })).toHaveCount(0);
  await open(page, "/account");
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign out of the test company?" })).toBeVisible();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in\?done=signed-out/);
  await expect(page.getByText("You are signed out.")).toBeVisible();
  // Signed out here …
  await open(page, "/connections");
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  // … and there: the issuer asks again.
  await page.getByRole("link", { name: "Continue with Test company" }).click();
  await expect(page.getByRole("heading", { name: "Test company sign-in" })).toBeVisible();
});

test("ben of the analysts is a user, and finds what his groups may call", async ({ page }) => {
  await signIn(page, "ben");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Ben Analyst");
  await expect(page.getByRole("navigation", { name: "Main" }).getByRole("link")).toHaveText(["Overview", "My sessions", "Connect", "Playground"]);
  await open(page, "/connect");
  await expect(page.getByLabel(/^Connection, of \d+ granted to you/)).toContainText("sample");
});

test("a refusal at the issuer is said on the sign-in page", async ({ page, noise }) => {
  noise.allowStatus(400);
  noise.allowStatus(403);
  await open(page, "/sign-in");
  await page.getByRole("link", { name: "Continue with Test company" }).click();
  await page.getByRole("button", { name: "Refuse" }).click();
  await expect(page.getByRole("heading", { level: 2, name: "Sign in" })).toBeVisible();
  await expect(page.getByRole("alert")).toBeVisible();
  await hydrated(page);
});
