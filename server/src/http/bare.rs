//! Pages made without the database and without the application: for when the store does not answer, and for a form whose
//! sender's session has ended.
//!
//! What was typed is kept in the page itself and can be posted again. Secrets are not written into it: they are asked for
//! once more. Nothing here waits for anything but the request's own body.

use std::{fmt::Write as _, time::Duration};

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{Html, IntoResponse as _, Response},
};
use url::form_urlencoded;

use super::{
    forms::{FORM_MAX, SECRET_FIELDS, encode},
    pages::{THEME_COOKIE, cookie},
};
use crate::state::AppState;

/// Longest time a form may take to arrive.
const BODY: Duration = Duration::from_secs(15);
/// When to come back, seconds.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");
/// Styles, the mark, and a form to ourselves; no script.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none'; \
     base-uri 'none'",
);

/// Why there is no page of the application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The database does not answer.
    StoreDown,
    /// Nobody is signed in, and the form needs somebody.
    SignedOut,
}

impl Why {
    const fn status(self) -> StatusCode {
        match self {
            Self::StoreDown => StatusCode::SERVICE_UNAVAILABLE,
            Self::SignedOut => StatusCode::UNAUTHORIZED,
        }
    }

    /// A title, and a sentence for a form and for a page that was only asked for.
    const fn words(self, is_form: bool) -> (&'static str, &'static str) {
        match (self, is_form) {
            (Self::StoreDown, true) => (
                "The database does not answer",
                "Nothing was changed. What you typed is kept in this page: try again in a moment, or go back with your browser.",
            ),
            (Self::StoreDown, false) => {
                ("The database does not answer", "Nothing was shown or changed. Try again in a moment.")
            }
            (Self::SignedOut, _) => (
                "You are signed out",
                "Your session ended before this form arrived, so nothing was changed. What you typed is kept in this page: \
                 sign in in a new tab, then come back here and try again.",
            ),
        }
    }
}

/// The page, with what the request carried.
pub async fn answer(state: &AppState, why: Why, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let typed = if head.method == Method::POST { typed(&head.headers, body).await } else { None };
    page(state, why, &head.headers, &path, typed.as_deref())
}

/// The same when the form was read already.
pub fn page(
    state: &AppState,
    why: Why,
    headers: &HeaderMap,
    path: &str,
    typed: Option<&[(String, String)]>,
) -> Response {
    let theme = cookie(headers, THEME_COOKIE)
        .map_or(app::context::Theme::System, |name| app::context::Theme::parse(&name))
        .name();
    let html = markup(why, &state.site.assets.css, theme, path, typed);
    let mut response =
        (why.status(), [(header::CONTENT_SECURITY_POLICY, POLICY)], Html(html)).into_response();
    if why == Why::StoreDown {
        response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER);
    }
    response
}

/// The fields of a form; `None` when there is none that can be read.
async fn typed(headers: &HeaderMap, body: Body) -> Option<Vec<(String, String)>> {
    let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return None;
    }
    let bytes = tokio::time::timeout(BODY, axum::body::to_bytes(body, FORM_MAX)).await.ok()?.ok()?;
    Some(form_urlencoded::parse(&bytes).into_owned().collect())
}

fn markup(why: Why, css: &str, theme: &str, path: &str, typed: Option<&[(String, String)]>) -> String {
    let (title, sentence) = why.words(typed.is_some());
    let onward = match typed {
        Some(typed) => again(why, path, typed),
        None => format!("<p><a class=\"button primary\" href=\"{}\">Try again</a></p>", escape(path)),
    };
    let styles =
        if css.is_empty() { String::new() } else { format!("<link rel=\"stylesheet\" href=\"{css}\">") };
    format!(
        "<!DOCTYPE html><html lang=\"en\" data-theme=\"{theme}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><meta name=\"robots\" content=\"noindex, nofollow\">\
         <title>{title} · Countersign</title><link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\">{styles}</head>\
         <body><div class=\"frame\" data-frame=\"bare\"><main id=\"content\"><section class=\"problem\">\
         <p class=\"problem-code\">{}</p><h1 tabindex=\"-1\" autofocus>{title}</h1><p>{sentence}</p>{onward}\
         </section></main></div></body></html>",
        why.status().as_u16()
    )
}

/// A form that posts what was typed once more; secrets have to be typed again.
fn again(why: Why, path: &str, typed: &[(String, String)]) -> String {
    let mut out = format!("<form method=\"post\" action=\"{}\" class=\"fields\">", escape(path));
    for (name, value) in typed {
        let (name, value) = (escape(name), escape(value));
        // Writing to a String cannot fail.
        let _ = if !SECRET_FIELDS.contains(&name.as_str()) {
            write!(out, "<input type=\"hidden\" name=\"{name}\" value=\"{value}\">")
        } else if value.is_empty() {
            write!(out, "<input type=\"hidden\" name=\"{name}\" value=\"\">")
        } else {
            write!(
                out,
                "<div class=\"field\"><label for=\"{name}\">{}, once more: it is not kept here</label>\
                 <input id=\"{name}\" name=\"{name}\" type=\"password\" autocomplete=\"off\" required></div>",
                label(&name)
            )
        };
    }
    out.push_str("<p class=\"actions\">");
    if why == Why::SignedOut {
        let _ = write!(
            out,
            "<a class=\"button primary\" href=\"/sign-in?next={}\" target=\"_blank\" rel=\"noopener\">Sign in in a new tab</a>",
            encode(path)
        );
    }
    let class = if why == Why::SignedOut { "" } else { " class=\"primary\"" };
    let _ = write!(out, "<button type=\"submit\"{class}>Try again</button></p></form>");
    out
}

/// What a secret field is called.
fn label(name: &str) -> &'static str {
    match name {
        "old" => "Present password",
        "new" => "New password",
        "new_again" => "New password, again",
        "password_again" => "Password, again",
        "secret" => "Secret",
        "token" => "One-time token",
        _ => "Password",
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn what_was_typed_is_kept_and_secrets_are_not() {
        let typed =
            pairs(&[("name", "a\"><script>"), ("groups", "x, y"), ("secret", "s3cr3t-value"), ("old", "")]);
        let page = markup(Why::StoreDown, "/pkg/x.css", "dark", "/connections/new?a=\"", Some(&typed));
        assert!(page.contains("name=\"groups\" value=\"x, y\""), "{page}");
        assert!(page.contains("value=\"a&quot;&gt;&lt;script&gt;\"") && !page.contains("<script"), "{page}");
        assert!(
            !page.contains("s3cr3t-value") && page.contains("name=\"secret\" type=\"password\""),
            "{page}"
        );
        assert!(
            page.contains("action=\"/connections/new?a=&quot;\"") && page.contains("data-theme=\"dark\""),
            "{page}"
        );
    }

    #[test]
    fn the_signed_out_are_shown_the_way_in() {
        let page = markup(Why::SignedOut, "", "system", "/people/new", Some(&[]));
        assert!(page.contains("href=\"/sign-in?next=%2Fpeople%2Fnew\""), "{page}");
        assert!(page.contains("<button type=\"submit\">Try again</button>"), "{page}");
    }
}
