// One feed for all tabs of a browser, that ends with the session and says what it is.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";

import { MODEL, client, say } from "../support/caller.ts";
import { Desk } from "../support/forms.ts";
import { PASSWORD, expect, give, hydrated, open, test, world } from "../support/test.ts";

const sign = (page: Page) => page.locator(".sidebar [data-feed]");
const exchanges = async (page: Page) =>
  Number((await page.locator(".figures div").filter({ hasText: "Exchanges" }).locator("dd").innerText()).replace(/\D/g, ""));

test.describe("tabs", () => {
  test.use({ who: "admin" });

  test("eight of them side by side all open, and all hear the news", async ({ page, context }) => {
    test.setTimeout(60_000);
    await open(page, "/");
    const tabs = [page];
    // A browser has six connections to a host.
    for (let at = 0; at < 7; at += 1) {
      const tab = await context.newPage();
      await open(tab, "/");
      tabs.push(tab);
    }
    const before = await exchanges(page);
    await say(world().tokens.user, "Hello, tabs");
    for (const tab of tabs) await expect.poll(() => exchanges(tab)).toBeGreaterThan(before);
    // The one that has the stream goes; another takes over.
    await page.close();
    const rest = tabs.slice(1);
    const now = await exchanges(rest[0]!);
    await say(world().tokens.user, "Hello again, tabs");
    for (const tab of rest) await expect.poll(() => exchanges(tab)).toBeGreaterThan(now);
  });
});

test("a sign-out in one tab is seen in the others, and leads back to where they were", async ({ page, context, noise }) => {
  noise.allowStatus(401);
  const uma = await Desk.signIn("uma", PASSWORD);
  await give(context, uma.cookie);
  await open(page, "/sessions?end=refused");
  const other = await context.newPage();
  await open(other, "/account");
  await other.getByRole("button", { name: "Sign out" }).click();
  await expect(other.getByText("You are signed out.")).toBeVisible();
  await expect(sign(page)).toHaveAttribute("data-feed", "out");
  await expect(sign(page).getByRole("link")).toHaveAttribute("href", "/sign-in?next=%2Fsessions%3Fend%3Drefused");
  // What happens is not asked for any more.
  const asked: number[] = [];
  page.on("response", (response) => asked.push(response.status()));
  await say(world().tokens.user, "Hello after the end");
  await page.waitForTimeout(2_500);
  expect(asked).toEqual([]);
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Overview" }).click();
  const problem = page.locator(".problem");
  await expect(problem).toContainText("401");
  await expect(problem.getByRole("link", { name: "Sign in" })).toHaveAttribute("href", "/sign-in?next=%2F");
  await problem.getByRole("link", { name: "Sign in" }).click();
  await page.getByLabel("Sign-in name").fill("uma");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await hydrated(page);
  await expect(sign(page)).toHaveAttribute("data-feed", "open");
});

test.describe("a gateway that does not answer for a while", () => {
  test.use({ who: "admin" });

  test("is said, and the page recovers", async ({ page, noise }) => {
    noise.allowStatus(503);
    await open(page, "/");
    const down = (status: number, body: string) =>
      page.route("**/api/**", (route) => route.fulfill({ status, contentType: "application/json", body }));
    await down(503, JSON.stringify("AuditUnavailable"));
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Connections" }).click();
    const problem = page.locator(".problem");
    await expect(problem).toContainText("The audit store does not answer");
    await expect(sign(page)).toHaveAttribute("data-feed", "lost");
    await page.unroute("**/api/**");
    await problem.getByRole("link", { name: "Try again" }).click();
    await expect(page.getByRole("link", { name: "team-01", exact: true })).toBeVisible();
    await expect(sign(page)).toHaveAttribute("data-feed", "open");
    // The same for an answer that is not even the gateway's; news bring the page back by themselves.
    await down(503, "Service Unavailable");
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "People" }).click();
    await expect(problem).toContainText("The gateway does not answer");
    await page.unroute("**/api/**");
    await say(world().tokens.user, "Hello, are you back");
    await expect(page.getByRole("link", { name: "Ada Lovelace", exact: true })).toBeVisible();
  });
});

test.describe("the record", () => {
  test.use({ who: "admin" });

  test("offers events that came after it was opened", async ({ page }) => {
    await open(page, "/audit");
    await expect(page.locator("#events ~ .news button")).toHaveCount(0);
    const first = await page.locator("tbody tr").first().getAttribute("id");
    await Desk.signIn("bob", PASSWORD);
    await page.locator(".news button").click();
    await expect(page.locator("tbody tr").first()).not.toHaveAttribute("id", first ?? "?");
  });
});

test.describe("a session", () => {
  test.use({ who: "admin" });

  test("that is under way is followed to its end", async ({ page, noise }) => {
    // Lists trail the ledger by a moment.
    noise.allowStatus(404);
    let finish = () => {};
    const model = createServer((request, response) => {
      request.resume();
      response.writeHead(200, { "content-type": "text/event-stream" });
      const chunk = { id: "c", object: "chat.completion.chunk", created: 1, model: MODEL };
      response.write(`data: ${JSON.stringify({ ...chunk, choices: [{ index: 0, delta: { role: "assistant", content: "Wait. " } }] })}\n\n`);
      finish = () => {
        const last = { ...chunk, choices: [{ index: 0, delta: { content: "Done." }, finish_reason: "stop" }] };
        response.end(`data: ${JSON.stringify(last)}\n\ndata: [DONE]\n\n`);
      };
    });
    await new Promise<void>((ready) => model.listen(0, "127.0.0.1", ready));
    try {
      const name = `slow-${Date.now()}`;
      await new Desk(world().cookies.admin).post("/connections/new", {
        name,
        description: "",
        base_url: `http://127.0.0.1:${(model.address() as AddressInfo).port}/v1`,
        credential_kind: "none",
        secret: "",
        groups: "*",
        enabled: "on",
      });
      const begin = () =>
        client(world().tokens.user, name)
          .chat.completions.create({ model: MODEL, messages: [{ role: "user", content: "Hello" }], stream: true })
          .withResponse();
      let begun: Awaited<ReturnType<typeof begin>> | undefined;
      await expect(async () => {
        begun = await begin();
      }).toPass({ timeout: 5_000 });
      const { data, response } = begun!;
      const session = response.headers.get("x-countersign-session");
      await expect(async () => {
        expect((await page.goto(`/sessions/${session}`))?.status()).toBe(200);
      }).toPass({ timeout: 5_000 });
      await hydrated(page);
      const badge = page.locator(".page-head .badge");
      await expect(badge).toHaveText("under way");
      finish();
      for await (const _ of data) void _;
      await expect(badge).toHaveText("completed");
    } finally {
      model.close();
    }
  });
});
