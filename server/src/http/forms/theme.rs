//! Light, dark or the system's choice, kept in a cookie of its own.

use app::context::Theme;
use axum::{
    extract::{Request, State},
    http::{HeaderValue, header},
    response::Response,
};

use super::{Posted, own_path, to};
use crate::{http::pages::THEME_COOKIE, state::AppState};

/// POST `/theme`.
pub async fn choose(State(state): State<AppState>, request: Request) -> Response {
    let back = request
        .headers()
        .get(header::REFERER)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| url::Url::parse(value).ok())
        .map(|url| match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        });
    let posted = match Posted::read(state, request).await {
        Ok(posted) => posted,
        Err(response) => return response,
    };
    let theme = Theme::parse(posted.text("theme"));
    let mut response = to(own_path(back.as_deref().unwrap_or("/")));
    let cookie =
        format!("{THEME_COOKIE}={}; Path=/; Max-Age=31536000; SameSite=Lax; Secure; HttpOnly", theme.name());
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}
