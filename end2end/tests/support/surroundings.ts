// Where everything of a test run is: addresses, the programs, and a folder that goes with the run.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Below the ports that systems hand out by themselves, so that no outgoing connection sits on one by chance. */
const port = Number(process.env.COUNTERSIGN_E2E_PORT ?? 27780);

export const addresses = {
  listen: `127.0.0.1:${port}`,
  /** As the server prints it: browsers treat `localhost` as secure, so the sign-in cookie works without TLS. */
  pages: `http://localhost:${port}`,
  sample: `127.0.0.1:${port + 1}`,
  issuer: `http://127.0.0.1:${port + 2}`,
};

export const server = process.env.COUNTERSIGN_BIN ?? fileURLToPath(new URL("../../../target/debug/countersign", import.meta.url));
export const chromium = process.env.COUNTERSIGN_CHROMIUM ?? "/usr/bin/chromium";

/** The one-time token of the set-up link, as the server printed it. */
export const setupToken = () => process.env.COUNTERSIGN_E2E_SETUP ?? "";

/** What the first run leaves behind for the tests. */
export const worldFile = () => join(process.env.COUNTERSIGN_E2E_FOLDER ?? "", "world.json");

/** Settings and an empty data folder. The configuration is loaded by the runner and by each worker; only the runner makes them. */
export function layOut(): { data: string; settings: string } {
  const folder = (process.env.COUNTERSIGN_E2E_FOLDER ??= freshFolder());
  return { data: join(folder, "data"), settings: join(folder, "countersign.toml") };
}

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "countersign-e2e-"));
  // PostgreSQL does not run as root, and needs to pass through.
  chmodSync(folder, 0o755);
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "data"));
  const secret = join(folder, "client-secret");
  writeFileSync(secret, "countersign-test-secret", { mode: 0o600 });
  writeFileSync(
    join(folder, "countersign.toml"),
    `listen = "${addresses.listen}"
public_url = "${addresses.pages}"
sample_model = "${addresses.sample}"

[[oidc]]
name = "company"
label = "Test company"
issuer = "${addresses.issuer}"
client_id = "countersign"
client_secret_file = "${secret}"
scopes = ["profile", "email", "groups"]
roles = { admins = ["admin"], analysts = ["user"] }
`,
  );
  return folder;
}
