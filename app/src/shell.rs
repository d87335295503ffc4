//! The HTML document around every page: head, hashed files, theme, and the one script that starts hydration.
//!
//! Nothing inline but that script and the page's data, both with the request's nonce, so the policy can stay
//! `script-src 'self' 'nonce-…' 'wasm-unsafe-eval'; style-src 'self'`.

use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::MetaTags;

use crate::{App, context::Visit};

/// The document of a page. Needs a [`Visit`] in context; without one (listing the routes) it has no files.
pub fn shell() -> impl IntoView {
    let visit = use_context::<Visit>();
    let assets = visit.as_ref().map(|visit| visit.site.assets.clone()).unwrap_or_default();
    let theme = visit.map(|visit| visit.theme).unwrap_or_default();
    // The module is fetched by the script, beside its glue: a preload link would fetch it for readers without scripts too.
    let start = (!assets.js.is_empty()).then(|| {
        let script = format!(
            "const wasm = fetch({:?}); import({:?}).then(m => m.default({{module_or_path: wasm}}).then(() => m.hydrate()))",
            assets.wasm, assets.js
        );
        let nonce = use_nonce();
        view! {
            <link rel="modulepreload" href=assets.js.clone() />
            <script type="module" nonce=nonce>{script}</script>
        }
    });
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme.name()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="robots" content="noindex, nofollow" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                {(!assets.css.is_empty()).then(|| view! { <link rel="stylesheet" href=assets.css /> })}
                {start}
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}
