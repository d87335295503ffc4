// The product's forms over HTTP, as a browser without scripts posts them: for making what the tests look at.
import { addresses } from "./surroundings.ts";

type Entries = Record<string, string> | [string, string][];

/** Somebody signed in. */
export class Desk {
  constructor(readonly cookie: string) {}

  static async signIn(login: string, password: string): Promise<Desk> {
    const response = await post("/sign-in", { login, password, next: "/" });
    const cookie = response.headers
      .getSetCookie()
      .join(";")
      .match(/__Host-countersign=([^;]+)/)?.[1];
    if (response.status !== 303 || !cookie) throw new Error(`${login} cannot sign in: ${response.status}`);
    return new Desk(cookie);
  }

  async get(path: string): Promise<string> {
    const response = await fetch(addresses.pages + path, { headers: { cookie: this.header() } });
    if (!response.ok) throw new Error(`GET ${path}: ${response.status}`);
    return response.text();
  }

  /** Posts a form that goes through; gives where it leads, or the page. */
  async post(path: string, entries: Entries): Promise<string> {
    const response = await post(path, entries, this.header());
    if (response.status === 303) return response.headers.get("location") ?? "";
    const text = await response.text();
    if (!response.ok) throw new Error(`POST ${path}: ${response.status} ${words(text)}`);
    return text;
  }

  /** A new token for every granted connection. */
  async token(label: string): Promise<string> {
    const page = await this.get(await this.post("/connect", { label, lifetime_seconds: "604800", max_uses: "" }));
    const token = page.match(/\bcs_[\w-]{40,}/)?.[0];
    if (!token) throw new Error(`no token on the page: ${words(page)}`);
    return token;
  }

  private header(): string {
    return `__Host-countersign=${this.cookie}`;
  }
}

function post(path: string, entries: Entries, cookie = ""): Promise<Response> {
  return fetch(addresses.pages + path, {
    method: "POST",
    redirect: "manual",
    headers: { origin: addresses.pages, ...(cookie && { cookie }) },
    body: new URLSearchParams(entries),
  });
}

const words = (html: string) =>
  html
    .replace(/<(script|style)[^]*?<\/\1>/g, "")
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ")
    .slice(0, 600);
