// The first run of a fresh installation, through the browser, once; then what the other tests look at, over HTTP.
import { writeFileSync } from "node:fs";
import type { Page } from "@playwright/test";

import { MODEL, client, say } from "./support/caller.ts";
import { Desk } from "./support/forms.ts";
import { addresses, setupToken, worldFile } from "./support/surroundings.ts";
import { PASSWORD, expect, hydrated, open, test, type World } from "./support/test.ts";

test("a newcomer gets from the printed link to the first recorded exchange", async ({ page, noise }) => {
  noise.allowStatus(422, 403);
  await test.step("a link that does not hold is said before anything is typed", async () => {
    const response = await page.goto(`/setup?token=${setupToken().slice(1)}x`);
    expect(response?.status()).toBe(403);
    await expect(page.getByRole("alert")).toContainText("This set-up link does not hold");
    await expect(page.getByRole("alert")).toBeFocused();
    await expect(page.getByRole("button", { name: "Create and sign in" })).toHaveCount(0);
    await hydrated(page);
  });

  await test.step("the bare address leads to the set-up", async () => {
    await open(page, "/");
    await expect(page).toHaveURL("/setup");
    await expect(page.getByText("Open the set-up link that the gateway printed")).toBeVisible();
  });

  await test.step("administrator", async () => {
    await open(page, `/setup?token=${setupToken()}`);
    await page.getByLabel("Sign-in name").fill("ada");
    await page.getByLabel("Your name").fill("Ada Lovelace");
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByLabel("Password, again").fill("something else entirely");
    await page.getByRole("button", { name: "Create and sign in" }).click();
    await hydrated(page);
    // What was typed stays, passwords do not, and the complaint is tied to its field.
    await expect(page.getByLabel("Sign-in name")).toHaveValue("ada");
    await expect(page.getByLabel("Password", { exact: true })).toHaveValue("");
    await expect(page.getByLabel("Password, again")).toHaveAttribute("aria-invalid", "true");
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByLabel("Password, again").fill(PASSWORD);
    await page.getByRole("button", { name: "Create and sign in" }).click();
  });

  await test.step("connection, with the sample filled in", async () => {
    await expect(page).toHaveURL("/setup/connection");
    await hydrated(page);
    await expect(page.getByLabel("Base URL")).toHaveValue(`http://${addresses.sample}/v1`);
    await page.getByRole("button", { name: "Create and go on" }).click();
  });

  await test.step("hello", async () => {
    await expect(page).toHaveURL("/setup/hello?connection=sample");
    await hydrated(page);
    await page.getByRole("button", { name: "Say hello" }).click();
    await expect(page).toHaveURL("/setup/hello?connection=sample&done=heard");
    await expect(page.getByRole("heading", { name: "It works" })).toBeVisible();
    const heard = page.getByRole("status").filter({ hasText: "It works" });
    await expect(heard).toContainText("EMAIL_ADDRESS");
    // It stands where it was said, and nowhere else.
    const given = heard.locator("dd");
    await expect(given.nth(0)).toContainText("ana.example@example.com");
    for (const at of [1, 2]) await expect(given.nth(at)).not.toContainText("ana.example@example.com");
    await hydrated(page);
    await page.getByRole("link", { name: "Go on" }).click();
  });

  await test.step("done", async () => {
    await expect(page).toHaveURL("/setup/done");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("The gateway stands");
    await expect(page.getByRole("region", { name: "Call sample" })).toContainText("/c/sample");
    await page.getByRole("link", { name: "To the overview" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Overview");
    await expect(figure(page, "Exchanges")).toHaveText("2");
  });

  await test.step("the link works once", async () => {
    await open(page, `/setup?token=${setupToken()}`);
    await expect(page.getByText("This gateway has an administrator already")).toBeVisible();
  });
});

const figure = (page: Page, term: string) => page.locator(".figures div").filter({ hasText: term }).locator("dd");

test("people, connections and calls for the other tests", async () => {
  const ada = await Desk.signIn("ada", PASSWORD);
  const person = async (login: string, name: string, roles: string[], groups = "") => {
    const form: [string, string][] = [
      ["login", login],
      ["display_name", name],
      ["email", login.length < 40 ? `${login}@example.test` : ""],
      ["password", PASSWORD],
      ["groups", groups],
      ...roles.map((role): [string, string] => ["roles", role]),
    ];
    const target = await ada.post("/people/new", form);
    return { id: target.match(/per_\w+/)?.[0] ?? "", desk: await Desk.signIn(login, PASSWORD) };
  };
  const audit = await person("audrey", "Audrey Auditor", ["auditor"]);
  const user = await person("uma", "Uma Ordinary-User with quite a long name, Department of Longer Names", ["user"], "analysts");
  const other = await person("bob", "Bob", ["user"]);
  const own = (await ada.get("/people")).match(/\/people\/(per_\w+)"[^>]*>Ada Lovelace/)?.[1] ?? "";

  const names = Array.from({ length: 52 }, (_, at) => `team-${String(at + 1).padStart(2, "0")}`);
  names.push("a-name-as-long-as-connection-names-may-be-and-not-a-letter-more");
  for (const name of names) await connect(ada, name, `http://${addresses.sample}/v1`);
  await connect(ada, "metadata", `http://${addresses.sample}/v1`, { recording: "metadata_only" });
  await connect(ada, "nobody-there", `http://127.0.0.1:${Number(new URL(addresses.issuer).port) + 6}/v1`);

  const tokens = { admin: await ada.token("seed"), other: await other.desk.token("seed"), user: await user.desk.token("seed") };
  await expect.poll(() => reaches(tokens.user, "nobody-there"), "the newest connection is in use").not.toBe(404);
  for (const name of [...names, "metadata"]) {
    for (const token of [tokens.admin, tokens.user]) {
      await client(token, name).chat.completions.create({
        model: MODEL,
        messages: [{ role: "user", content: `Hello from ${name}, card 4111 1111 1111 1111.` }],
      });
    }
  }
  await expect(say(tokens.user, "Hello", "nobody-there")).rejects.toThrow();
  // As long as names may be, and as many kinds in one call as there are: for what is looked at.
  const longest = await person("somebody.with-a-sign-in-name-as-long-as-sign-in-names-may-be-64x", "Somebody Long", ["user"]);
  await extreme(await longest.desk.token("long"), names.at(-1) ?? "");
  const sessions = { admin: await long(tokens.admin), user: await long(tokens.user) };

  const lists = async (query: string) => (await ada.get(`/sessions?${query}`)).match(/\/sessions\/(ses_\w+)/)?.[1] ?? "";
  await expect.poll(() => lists("connection=nobody-there"), "the record is on the pages").not.toBe("");
  const left: World = {
    cookies: { admin: ada.cookie, auditor: audit.desk.cookie, user: user.desk.cookie },
    ids: { admin: own, auditor: audit.id, user: user.id },
    tokens,
    sessions,
    refused: await lists("connection=nobody-there"),
    entities: await looksFor(ada),
  };
  writeFileSync(worldFile(), JSON.stringify(left));
});

/** A pattern and a dictionary; gives their paths. */
async function looksFor(desk: Desk): Promise<World["entities"]> {
  const path = (location: string) => location.replace(/\?.*/, "");
  return {
    pattern: path(
      await desk.post("/entities/new/pattern", {
        name: "STAFF_NUMBER",
        description: "Numbers of people who work here",
        enabled: "on",
        pattern: "SN-[0-9]{6}",
        words: "staff\nemployee",
        score: "0.9",
        hits: "staff SN-123456",
        misses: "SN-123456 alone",
      }),
    ),
    dictionary: path(
      await desk.post("/entities/new/dictionary", {
        name: "PROJECT_NAME",
        enabled: "on",
        ignore_case: "on",
        terms: Array.from({ length: 40 }, (_, n) => `Project Heron ${n}`).join("\n"),
      }),
    ),
  };
}

async function connect(desk: Desk, name: string, base_url: string, more: Record<string, string> = {}): Promise<void> {
  await desk.post("/connections/new", {
    name,
    description: `What ${name} is for, said in one line that is not short`,
    base_url,
    credential_kind: "bearer",
    secret: "sample-model-key",
    groups: "*",
    mask_prompt: "on",
    mask_response: "on",
    enabled: "on",
    ...more,
  });
}

async function reaches(token: string, name: string): Promise<number> {
  const response = await fetch(`${addresses.pages}/c/${name}/models`, { headers: { authorization: `Bearer ${token}` } });
  await response.body?.cancel();
  return response.status;
}

/** A call with everything long in it. */
async function extreme(token: string, connection: string): Promise<void> {
  const finds = [
    "4111 1111 1111 1111",
    "grace.hopper@example.com",
    "+1 202 555 0143",
    "DE89 3704 0044 0532 0130 00",
    "536-90-4399",
    "10.20.30.40",
    "2001:db8:85a3::8a2e:370:7334",
    "postgres://me:s3cretpassword@db.example/x",
    "AKIAIOSFODNN7EXAMPLE",
  ];
  await client(token, connection).chat.completions.create({
    model: "an-organisation-with-a-name/a-model-with-a-very-long-name-70b-instruct-q4-k-m-gguf-2026-11-28-release-candidate",
    messages: [{ role: "user", content: `${finds.join(", ")} and a word without an end: ${"x".repeat(300)}` }],
  });
}

/** A session with some turns in it; gives its id. */
async function long(token: string): Promise<string> {
  const { data, response } = await client(token)
    .chat.completions.create({
      model: MODEL,
      messages: [
        { role: "system", content: "You help the claims department. Answer briefly." },
        {
          role: "user",
          content: "My card 5555 5555 5555 4444 was charged twice; write to grace.hopper@example.com or call +1 202 555 0143.",
        },
        { role: "assistant", content: "I can look into that. Which IBAN should the refund go to?" },
        { role: "user", content: "DE89 3704 0044 0532 0130 00, and my SSN is 536-90-4399. The server is 10.20.30.40." },
      ],
    })
    .withResponse();
  expect(data.choices).toHaveLength(1);
  await say(token, "Thank you. Also tell ops@example.org, please.\n\nTwo lines, and a trick: \u202Eevil\u202C.");
  await client(token).embeddings.create({ model: MODEL, input: ["Grace Hopper, grace.hopper@example.com"], encoding_format: "float" });
  await client(token)
    .post("/not/a/route", { body: "{" })
    .catch(() => undefined);
  const id = response.headers.get("x-countersign-session");
  expect(id).toMatch(/^ses_/);
  return id ?? "";
}
