// Every page of the product as it stands after the seeding, with who looks at it.
import type { Page } from "@playwright/test";

import { give, test, world, type Noise, type Who } from "./test.ts";

export interface Stop {
  name: string;
  path: string;
  /** The page's `h1`. */
  title: string | RegExp;
  who?: Who;
  /** Its HTTP status, when not 200. */
  status?: number;
}

/** Known only once the first run is over, so this is asked for within tests. */
export function stops(): Stop[] {
  const { ids, sessions, refused, entities } = world();
  const admin = (name: string, path: string, title: string | RegExp, status?: number): Stop => ({
    name,
    path,
    title,
    who: "admin",
    status,
  });
  return [
    { name: "sign-in", path: "/sign-in", title: "Countersign" },
    { name: "setup", path: "/setup", title: "The first administrator" },
    admin("setup-connection", "/setup/connection", "A model to stand in front of"),
    admin("setup-connection-own", "/setup/connection?own=1", "A model to stand in front of"),
    admin("setup-hello", "/setup/hello", "Say hello through the gateway"),
    admin("setup-done", "/setup/done", "The gateway stands"),
    admin("overview", "/", "Overview"),
    admin("sessions", "/sessions", "Sessions"),
    admin("sessions-filtered", "/sessions?caller=uma&entity=CREDIT_CARD", "Sessions"),
    admin("sessions-none", "/sessions?caller=nobody-of-this-name&end=refused", "Sessions"),
    admin("session", `/sessions/${sessions.user}`, /→ sample$/),
    admin("session-refused", `/sessions/${refused}`, /→ nobody-there$/),
    admin("connect", "/connect", "Connect"),
    admin("playground", "/playground", "Playground"),
    admin("connections", "/connections", "Connections"),
    admin("connection-new", "/connections/new", "New connection"),
    admin("connection", "/connections/sample", "sample"),
    admin("connection-delete", "/connections/team-01/delete", /^Delete team-01/),
    admin("entities", "/entities", "Entities"),
    admin("entity-new-pattern", "/entities/new/pattern", "New pattern"),
    admin("entity-new-dictionary", "/entities/new/dictionary", "New dictionary"),
    admin("entity-pattern", entities.pattern, "STAFF_NUMBER"),
    admin("entity-dictionary", entities.dictionary, "PROJECT_NAME"),
    admin("entity-delete", `${entities.dictionary}/delete`, "Delete PROJECT_NAME?"),
    admin("people", "/people", "People and roles"),
    admin("person-new", "/people/new", "New person"),
    admin("person", `/people/${ids.user}`, /^Uma/),
    admin("person-self", `/people/${ids.admin}`, "Ada Lovelace"),
    admin("audit", "/audit", "Audit"),
    admin("account", "/account", "Ada Lovelace"),
    admin("missing", "/no/such/page", "Nothing here", 404),
    admin("session-missing", "/sessions/ses_01930000000070008000000000000002", "Nothing here", 404),
    { name: "my-sessions", path: "/sessions", title: "My sessions", who: "user" },
    { name: "playground-user", path: "/playground", title: "Playground", who: "user" },
    { name: "overview-user", path: "/", title: "Overview", who: "user" },
    { name: "forbidden", path: "/people", title: "People and roles", who: "user", status: 403 },
  ];
}

/** Milliseconds for a page: the time for all of them grows with their number. */
const EACH = 15_000;

/** Goes to every page in turn, as whoever sees it, with everything that folds in it opened; nothing runs in them. */
export async function everywhere(page: Page, noise: Noise, visit: (stop: Stop) => Promise<void>): Promise<void> {
  test.setTimeout(stops().length * EACH);
  let who: Who | undefined;
  for (const stop of stops()) {
    if (stop.who && stop.who !== who) await give(page.context(), world().cookies[stop.who]);
    who = stop.who;
    if (stop.status) noise.allowStatus(stop.status);
    await page.goto(stop.path);
    await page.locator("html[data-js]").waitFor({ state: "attached" });
    await page.evaluate(() => document.querySelectorAll("main details").forEach((details) => details.setAttribute("open", "")));
    await visit(stop);
  }
}
