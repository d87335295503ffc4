// The real server for a node test file, driven as people drive it: the printed link and the forms. See gateway.py.

import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { mkdtempSync, chmodSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";

const ROOT = resolve(import.meta.dirname, "../..");
const PASSWORD = "correct horse battery";

/** Polls until `ask` gives something true, and gives that. */
export async function eventually(ask, what, seconds = 20) {
  for (const end = Date.now() + seconds * 1000; ; await pause(10)) {
    const got = await ask();
    if (got) return got;
    if (Date.now() > end) throw new Error(`${what} did not happen within ${seconds} s`);
  }
}

function freePort() {
  return new Promise((done) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

export class Gateway {
  cookies = new Map();
  log = "";

  static async start() {
    const gateway = new Gateway();
    try {
      await gateway.begin();
    } catch (error) {
      await gateway.stop();
      throw error;
    }
    return gateway;
  }

  async begin() {
    this.folder = mkdtempSync(join(tmpdir(), "countersign-clients-"));
    // As root the server hands its Postgres to another account, which must be able to enter.
    chmodSync(this.folder, 0o755);
    const port = await freePort();
    this.origin = `http://localhost:${port}`;
    const program = process.env.COUNTERSIGN_BIN ?? join(ROOT, "target/debug/countersign");
    const { DATABASE_URL: _, ...env } = process.env;
    const options = ["--data-dir", join(this.folder, "data"), "--listen", `127.0.0.1:${port}`, "--sample-model", "off"];
    this.process = spawn(program, ["serve", ...options], { env, cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
    this.ended = new Promise((done) => this.process.once("exit", done));
    for (const stream of [this.process.stdout, this.process.stderr]) stream.on("data", (text) => (this.log += text));
    const link = await eventually(() => {
      if (this.process.exitCode !== null) throw new Error(`the server ended: ${this.log}`);
      return this.log.match(/setup\?token=([\w-]+)/);
    }, "the set-up link", 60);
    await this.form("/setup", { token: link[1], login: "root", display_name: "Root", password: PASSWORD, password_again: PASSWORD });
    this.token = await this.issueToken();
  }

  async request(method, path, fields) {
    const headers = { Origin: this.origin };
    // The cookie is Secure, so nothing sends it to http by itself.
    if (this.cookies.size) headers.Cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const body = fields && new URLSearchParams(fields);
    const answer = await fetch(this.origin + path, { method, headers, body, redirect: "manual" });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name, value] = cookie.match(/^([^=]+)=([^;]*)/);
      this.cookies.set(name, value);
    }
    const text = await answer.text();
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${text.replace(/<[^>]+>/g, " ").slice(0, 2000)}`);
    return text;
  }

  form(path, fields) {
    return this.request("POST", path, fields);
  }

  page(path) {
    return this.request("GET", path);
  }

  async issueToken(maxUses = "") {
    await this.form("/connect", { label: "suite", lifetime_seconds: "3600", max_uses: String(maxUses) });
    const page = await this.page("/connect?done=token-made");
    return page.match(/cs_[\w-]{49}/)[0];
  }

  /** Makes a connection to a model server and waits until the data path knows it. */
  async connection(baseUrl, settings = {}) {
    const name = `c-${randomBytes(6).toString("hex")}`;
    const secret = `upstream-key-${randomBytes(12).toString("base64url")}`;
    await this.form("/connections/new", {
      name, description: "", base_url: baseUrl, credential_kind: "bearer", secret, groups: "*",
      mask_prompt: "on", mask_response: "on", enabled: "on", ...settings,
    });
    const url = `${this.origin}/c/${name}`;
    // An encoded backslash is refused by the room after the one that knows the name: nothing reaches the upstream.
    await eventually(async () => {
      const answer = await fetch(`${url}/%5c`, { headers: { Authorization: `Bearer ${this.token}` } });
      return (await answer.json()).error.code === "unsupported_route";
    }, "the new connection");
    return { name, url, secret };
  }

  /** The page of a session, once its newest exchange has ended and is shown. */
  transcript(session, expected) {
    return eventually(async () => {
      const page = await this.page(`/sessions/${session}`).catch(() => "");
      return page.includes(expected) && page;
    }, `“${expected}” on the session's page`);
  }

  async stop() {
    this.process?.kill("SIGTERM");
    await this.ended;
    if (this.folder) rmSync(this.folder, { recursive: true, force: true });
  }
}
