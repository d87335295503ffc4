// Addresses that nobody's form makes: each is a page that works.
import { expect, open, test } from "../support/test.ts";

test.use({ who: "admin" });

const QUERIES = [
  "caller=%00",
  "caller=a%00b&connection=%00%01%7F",
  "caller=%FF",
  "caller=%0D%0A%0D%0A",
  "caller=%C2%85%E2%80%A8%E2%80%AE",
  "caller=a&caller=b&caller=",
  "caller=+&end=+",
  "caller=a+b+c",
  "caller=%",
  "caller=%zz",
  "&&&==&=x",
  "cursor=%00",
  "caller=%3Cscript%3E%26amp%3B",
  "caller='%22`",
  "caller=%F0%9F%92%A9%EF%BF%BF",
];

for (const query of QUERIES) {
  test(`/sessions?${query}`, async ({ page, noise }) => {
    noise.allowStatus(422);
    await open(page, `/sessions?${query}`);
    // Alive: it answers to a filter.
    await page.getByRole("searchbox", { name: "Connection" }).fill("team-05");
    await page.getByRole("searchbox", { name: "Connection" }).press("Enter");
    await expect(page).toHaveURL(/connection=team-05/);
  });
}

test("a filter far too long is refused on a page that works", async ({ page, noise }) => {
  noise.allowStatus(422);
  await open(page, `/sessions?caller=${"x".repeat(6_000)}`);
  await expect(page.getByRole("alert")).toContainText("too long");
});

for (const path of ["/connect?connection=%00", "/connections/%00", "/sign-in?next=%00&done=%00", "/people/new?done=%00", "/audit?cursor=%00"]) {
  test(path, async ({ page, noise }) => {
    noise.allowStatus(404, 422, 400);
    await open(page, path);
    await expect(page.getByRole("heading").first()).toBeVisible();
  });
}
