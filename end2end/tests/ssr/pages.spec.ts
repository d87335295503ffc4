// Scripts off: every page is there, whole.
import { stops } from "../support/pages.ts";
import { expect, give, test, world } from "../support/test.ts";

for (const who of [undefined, "admin", "user"] as const) {
  test(`every page of ${who ?? "nobody"} is complete`, async ({ page, context, noise }) => {
    if (who) await give(context, world().cookies[who]);
    const waits: number[] = [];
    for (const stop of stops().filter((stop) => stop.who === who)) {
      await test.step(stop.path, async () => {
        if (stop.status) noise.allowStatus(stop.status);
        const response = await page.goto(stop.path);
        expect(response?.status()).toBe(stop.status ?? 200);
        const { requestStart, responseStart } = response!.request().timing();
        waits.push(responseStart - requestStart);
        await expect(page.getByRole("heading", { level: 1 })).toHaveText(stop.title);
        expect(await page.title()).toMatch(/\S+ · Countersign$/);
        await expect(page.getByText("Loading…")).toHaveCount(0);
        // What needs a script is not there to disappoint.
        expect(await page.locator(".js-only:visible").count(), "things that need a script").toBe(0);
      });
    }
    // Not a test: machines are noisy. The aim is 100 ms.
    const median = waits.sort((a, b) => a - b)[Math.floor(waits.length / 2)];
    console.log(`first byte of ${who ?? "nobody"}'s pages, median ${median?.toFixed(0)} ms, slowest ${waits.at(-1)?.toFixed(0)} ms`);
  });
}

test("a page carries its policy and is not stored", async ({ request }) => {
  const response = await request.get("/sign-in");
  const policy = response.headers()["content-security-policy"] ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain("unsafe-inline");
  expect(response.headers()["cache-control"]).toBe("no-store");
  expect(await response.text()).not.toMatch(/\sstyle=/);
});
