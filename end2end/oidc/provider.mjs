// An OpenID Connect provider for tests: `oidc-provider` with three people (people.mjs), signed access tokens for one
// resource (RFC 8707, RFC 9068), RP-initiated logout and keys that can be rotated while it runs.
//
// Environment, all optional:
//   PORT                       0 takes a free one; the address is printed as the line `listening <issuer>`
//   ISSUER                     http://127.0.0.1:<port>
//   CLIENT_ID, CLIENT_SECRET   countersign / countersign-test-secret
//   REDIRECT_URIS              comma separated; http://127.0.0.1:3000/auth/callback
//   POST_LOGOUT_REDIRECT_URIS  comma separated; http://127.0.0.1:3000/
//   BACKCHANNEL_LOGOUT_URI     switches back-channel logout on, with `sid` in ID tokens
//   RESOURCE                   the audience of signed access tokens; urn:countersign:gateway
//   AUTO_LOGIN                 a person (ana, ben, eve) signed in without asking; unset shows the login page
//   EXIT_WITH_STDIN            set: ends when its standard input is closed
//   CLAIMS_IN                  `id_token` (default) puts groups and names into the ID token, `userinfo` only there
//
// For tests only, never reachable from elsewhere (it listens on 127.0.0.1):
//   POST /test/rotate?keep=yes|no   signs with new keys from now on, still publishing the old ones or not
//   POST /test/auto-login?person=   switches AUTO_LOGIN; empty shows the login page
//   GET  /test/seen                 how often each path was asked for

import { generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer } from "node:http";

import Provider from "oidc-provider";

import { Memory } from "./memory.mjs";
import { errorPage, loginPage, logoutPage, signedOutPage } from "./pages.mjs";
import { claimsOf, people, personBySubject } from "./people.mjs";

const { env } = process;
const list = (text, otherwise) => (text ?? otherwise).split(",").filter(Boolean);
const resource = env.RESOURCE ?? "urn:countersign:gateway";
let autoLogin = env.AUTO_LOGIN || undefined;
const cookieKeys = [randomUUID()];
let keys = freshKeys();
let provider;
let answer;
const seen = new Map();

function freshKeys() {
  const jwk = (pair, alg) => ({ ...pair.privateKey.export({ format: "jwk" }), kid: randomUUID(), use: "sig", alg });
  return [
    jwk(generateKeyPairSync("rsa", { modulusLength: 2048 }), "RS256"),
    jwk(generateKeyPairSync("ec", { namedCurve: "P-256" }), "ES256"),
  ];
}

const scopes = "openid profile email groups";

const settings = () => ({
  adapter: Memory,
  jwks: { keys },
  clients: [
    {
      client_id: env.CLIENT_ID ?? "countersign",
      client_secret: env.CLIENT_SECRET ?? "countersign-test-secret",
      grant_types: ["authorization_code", "client_credentials"],
      redirect_uris: list(env.REDIRECT_URIS, "http://127.0.0.1:3000/auth/callback"),
      post_logout_redirect_uris: list(env.POST_LOGOUT_REDIRECT_URIS, "http://127.0.0.1:3000/"),
      ...(env.BACKCHANNEL_LOGOUT_URI && {
        backchannel_logout_uri: env.BACKCHANNEL_LOGOUT_URI,
        backchannel_logout_session_required: true,
      }),
    },
  ],
  claims: {
    openid: ["sub"],
    profile: ["name", "preferred_username"],
    email: ["email", "email_verified"],
    groups: ["groups"],
  },
  // The standard leaves scope claims to UserInfo when an access token is issued as well; many providers do not.
  conformIdTokenClaims: env.CLAIMS_IN === "userinfo",
  cookies: { keys: cookieKeys },
  pkce: { required: () => true },
  ttl: { AccessToken: 600, ClientCredentials: 600, IdToken: 600, Session: 3600, Interaction: 600, Grant: 3600 },
  findAccount: (_ctx, id) => {
    const person = personBySubject(id);
    return person && { accountId: id, claims: () => claimsOf(person) };
  },
  extraTokenClaims: (_ctx, token) => {
    const person = token.accountId && personBySubject(token.accountId);
    return person ? { groups: person.groups, preferred_username: person.id } : undefined;
  },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  // Nobody is asked for consent: this provider has one client.
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({
      accountId: ctx.oidc.session.accountId,
      clientId: ctx.oidc.client.clientId,
    });
    grant.addOIDCScope(scopes);
    grant.addResourceScope(resource, "models:call");
    await grant.save();
    return grant;
  },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    backchannelLogout: { enabled: Boolean(env.BACKCHANNEL_LOGOUT_URI) },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => void (ctx.body = logoutPage(form)),
      postLogoutSuccessSource: (ctx) => void (ctx.body = signedOutPage()),
    },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: () => ({
        scope: "models:call",
        audience: resource,
        accessTokenTTL: 600,
        accessTokenFormat: "jwt",
        jwt: { sign: { alg: "ES256" } },
      }),
    },
  },
  renderError: (ctx, out) => {
    ctx.type = "html";
    ctx.body = errorPage(out);
  },
  scopes: ["openid", "profile", "email", "groups"],
});

function open(issuer) {
  provider = new Provider(issuer, settings());
  provider.on("server_error", (_ctx, error) => console.error(error));
  answer = provider.callback();
}

async function bodyOf(request) {
  let text = "";
  for await (const chunk of request) text += chunk;
  return new URLSearchParams(text);
}

async function interact(request, response, uid) {
  const finish = (result) => provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  const form = request.method === "POST" ? await bodyOf(request) : undefined;
  if (form?.get("refuse")) return finish({ error: "access_denied", error_description: "the person refused" });
  const person = people.get(form?.get("person") ?? autoLogin);
  if (person) return finish({ login: { accountId: claimsOf(person).sub } });
  await provider.interactionDetails(request, response);
  response.setHeader("content-type", "text/html; charset=utf-8").end(loginPage(uid));
}

async function control(url, response, issuer) {
  if (url.pathname === "/test/rotate") {
    const fresh = freshKeys();
    keys = url.searchParams.get("keep") === "no" ? fresh : [...fresh, ...keys];
    open(issuer);
  } else if (url.pathname === "/test/auto-login") {
    autoLogin = url.searchParams.get("person") || undefined;
  } else if (url.pathname !== "/test/seen") {
    response.writeHead(404).end();
    return;
  }
  response.setHeader("content-type", "application/json").end(JSON.stringify(Object.fromEntries(seen)));
}

const server = createServer((request, response) => {
  const url = new URL(request.url, "http://provider");
  seen.set(url.pathname, (seen.get(url.pathname) ?? 0) + 1);
  const interaction = url.pathname.match(/^\/interaction\/([\w-]+)$/);
  const work = interaction
    ? interact(request, response, interaction[1])
    : url.pathname.startsWith("/test/")
      ? control(url, response, server.issuer)
      : answer(request, response);
  Promise.resolve(work).catch((error) => {
    if (!response.headersSent) response.writeHead(400, { "content-type": "text/plain" });
    response.end(String(error.message));
  });
});

server.listen(Number(env.PORT ?? 0), "127.0.0.1", () => {
  server.issuer = env.ISSUER ?? `http://127.0.0.1:${server.address().port}`;
  open(server.issuer);
  console.log(`listening ${server.issuer}`);
});
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => process.exit(0));
// The starter keeps our standard input open: when it dies, however it dies, so do we.
if (env.EXIT_WITH_STDIN) process.stdin.on("end", () => process.exit(0)).resume();
