// The provider's own pages: plain HTML, no scripts, so that a browser test and a Rust test can both read them.

import { people } from "./people.mjs";

const page = (title, body) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title><link rel="icon" href="data:,"></head>
<body><main><h1>${title}</h1>${body}</main></body></html>`;

/** The login page: a select of people, no passwords. */
export const loginPage = (uid) =>
  page(
    "Test company sign-in",
    `<form method="post" action="/interaction/${uid}">
<label for="person">Person</label>
<select id="person" name="person">${[...people.values()].map((p) => `<option value="${p.id}">${p.name}</option>`).join("")}</select>
<button type="submit">Sign in</button>
<button type="submit" name="refuse" value="yes">Refuse</button>
</form>`,
  );

/** RP-initiated logout: asks before ending the session at the provider. */
export const logoutPage = (form) =>
  page("Sign out of the test company?", `${form}<button type="submit" form="op.logoutForm" name="logout" value="yes">Sign out</button>`);

export const signedOutPage = () => page("Signed out of the test company", "");

export const errorPage = (out) => {
  const text = `${out.error}: ${out.error_description ?? ""}`.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
  return page("The test provider refused", `<p>${text}</p>`);
};
