// Scripts off: a connection's whole life, and everything one can type wrong.
import { addresses } from "../support/surroundings.ts";
import { expect, test } from "../support/test.ts";

test.use({ who: "admin" });

test("made, tested, changed, tested again, deleted", async ({ page, noise }) => {
  test.setTimeout(60_000);
  noise.allowStatus(422);
  await page.goto("/connections");
  await page.getByRole("link", { name: "New connection" }).click();
  const field = (name: string) => page.locator(`#${name}`);
  const said = (name: string) => page.locator(`#${name}-wrong`);

  await test.step("wrong input is said beside its field, and stays", async () => {
    await field("name").fill("lifetime");
    await field("description").fill("One that comes and goes");
    await field("base_url").fill("ftp://models.example/v1?x=1");
    await field("credential_kind").selectOption("header");
    await field("credential_header").fill("not a header");
    await field("groups").fill("analysts, ops");
    await field("connect_ms").fill("soon");
    await page.getByLabel("Mask what comes back to the caller").uncheck();
    await field("recording").selectOption("metadata_only");
    await page.getByRole("button", { name: "Create connection" }).click();
    await expect(page.getByRole("alert")).toHaveText("Nothing was changed. See the marked fields.");
    await expect(said("connect_ms")).toBeVisible();
    await expect(field("connect_ms")).toHaveAttribute("aria-invalid", "true");
    await expect(field("connect_ms")).toHaveAttribute("aria-describedby", /connect_ms-wrong/);
    await field("connect_ms").fill("5000");
    await page.getByRole("button", { name: "Create connection" }).click();
    await expect(said("base_url")).toBeVisible();
    await expect(said("credential_header")).toBeVisible();
    await expect(field("name")).toHaveValue("lifetime");
    await expect(field("description")).toHaveValue("One that comes and goes");
    await expect(field("base_url")).toHaveValue("ftp://models.example/v1?x=1");
    await expect(field("groups")).toHaveValue("analysts, ops");
    await expect(field("credential_kind")).toHaveValue("header");
    await expect(field("recording")).toHaveValue("metadata_only");
    await expect(page.getByLabel("Mask what comes back to the caller")).not.toBeChecked();
    await expect(page.getByLabel("Mask what goes to the model")).toBeChecked();
  });

  await test.step("made", async () => {
    await field("base_url").fill(`http://${addresses.sample}/v1`);
    await field("credential_kind").selectOption("bearer");
    await field("credential_header").fill("");
    await field("secret").fill("not the sample's key");
    await page.getByRole("button", { name: "Create connection" }).click();
    await expect(page).toHaveURL("/connections/lifetime?done=connection-created");
    await expect(page.getByRole("status").first()).toContainText("Connection created.");
    expect(await page.content()).not.toContain("not the sample's key");
  });

  const tested = async () => {
    // New settings are in use within a second, by a notice through the database; until then the page says so.
    await expect(async () => {
      await page.getByRole("button", { name: "Test the saved settings" }).click();
      await expect(page.locator(".report")).toBeVisible({ timeout: 100 });
    }).toPass({ timeout: 10_000 });
  };

  await test.step("a wrong key fails at that step and at no earlier one", async () => {
    noise.allowStatus(409);
    await tested();
    await expect(page.locator(".report")).toContainText("The test stopped at");
    await expect(page.locator(".report .badge").first()).toHaveText("passed");
    const failed = page.locator(".report [data-step=failed]");
    await expect(failed).toHaveCount(1);
    await expect(failed).toContainText("The server refuses the stored credential (HTTP 401).");
    await expect(failed).toContainText("What to do: Replace the stored secret");
    await expect(page.locator(".report .badge").last()).toHaveText("not reached");
    expect(await page.content()).not.toContain("not the sample's key");
  });

  await test.step("changed, and the stored key replaced", async () => {
    await page.goto("/connections/lifetime");
    await field("description").fill("Repaired");
    await field("secret_change").selectOption("set");
    await field("secret").fill("sample-model-key");
    await page.getByRole("button", { name: "Save changes" }).click();
    await expect(page).toHaveURL("/connections/lifetime?done=connection-saved");
    await expect(field("description")).toHaveValue("Repaired");
    await tested();
    await expect(page.locator(".report")).toContainText("Every step passed.");
    await expect(page.locator(".report")).toContainText("countersign-sample");
  });

  await test.step("two people at once: the second is told, and keeps what they typed", async () => {
    const other = await page.context().newPage();
    await other.goto("/connections/lifetime");
    await page.goto("/connections/lifetime");
    await field("description").fill("first");
    await page.getByRole("button", { name: "Save changes" }).click();
    await expect(page).toHaveURL(/connection-saved/);
    await other.locator("#description").fill("second");
    await other.getByRole("button", { name: "Save changes" }).click();
    await expect(other.getByRole("alert")).toContainText("Somebody else changed this in the meantime.");
    await expect(other.locator("#description")).toHaveValue("second");
    await other.close();
  });

  await test.step("deleted, after a question", async () => {
    await page.goto("/connections/lifetime");
    await page.getByRole("link", { name: "Delete…" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Delete lifetime?");
    await page.getByRole("button", { name: "Delete the connection" }).click();
    await expect(page).toHaveURL("/connections?done=connection-deleted");
    await expect(page.getByRole("link", { name: "lifetime", exact: true })).toHaveCount(0);
    noise.allowStatus(404);
    expect((await page.goto("/connections/lifetime"))?.status()).toBe(404);
  });
});

test("a name that is taken is refused, and everything typed stays", async ({ page, noise }) => {
  noise.allowStatus(422);
  noise.allowStatus(409);
  await page.goto("/connections/new");
  // The rule is in the browser's own complaint, too.
  await expect(page.locator("#name")).toHaveAttribute("title", /lower-case letters/);
  await page.locator("#name").fill("team-01");
  await page.locator("#base_url").fill("http://models.example/v1");
  await page.getByRole("button", { name: "Create connection" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(page.getByRole("alert")).toBeFocused();
  await expect(page.locator("#name")).toHaveValue("team-01");
  await expect(page.locator("#base_url")).toHaveValue("http://models.example/v1");
});

test("the set-up of one's own server keeps that choice through an error", async ({ page, noise }) => {
  noise.allowStatus(422);
  await page.goto("/setup/connection?own=1");
  await expect(page.locator("#base_url")).toHaveValue("");
  await page.locator("#name").fill("mine");
  await page.locator("#base_url").fill("ftp://mine.example");
  await page.getByRole("button", { name: "Create and go on" }).click();
  await expect(page.locator("#base_url-wrong")).toBeVisible();
  await expect(page.locator("#base_url")).toHaveValue("ftp://mine.example");
  await expect(page.getByText("Sample:")).toHaveCount(0);
});
