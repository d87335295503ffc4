//! The hello of the first run: a real request, with a real one-use token, through the gateway's own first room; so what
//! the administrator sees is what every client will get.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::http::{HeaderMap, HeaderValue, Method, header};
use countersign_admin::Actor;
use countersign_gateway::{
    directory::Route,
    reply::{self, RECEIPT, SESSION},
    visit::{Arrival, Visit},
};
use countersign_model::{RequestId, form::Hello, token::NewToken};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};

use crate::state::AppState;

/// What is said. The address is made up; it shows what the model gets to see instead.
const GREETING: &str = "Hello! My address is ana.example@example.com. Please say hello back.";

/// Sends the hello. `Err`: a sentence for the page.
pub async fn send(state: &AppState, actor: &Actor, name: &str) -> Result<Hello, String> {
    let Some(route) = in_use(state, name).await else {
        return Err("The connection is not in use yet. Try again in a second.".into());
    };
    if !route.connection.settings.grants(&actor.groups) {
        let granted = match route.connection.settings.groups.as_slice() {
            [] => "nobody".to_owned(),
            groups => format!("{}, and you are in none of these groups", groups.join(", ")),
        };
        return Err(format!(
            "The connection is granted to {granted}, so you cannot call it yourself. Add a group of yours, or * for \
             everybody, or go on without the hello."
        ));
    }
    let new = NewToken {
        label: "first hello".into(),
        scope: Some(vec![route.connection.id]),
        lifetime_seconds: 60,
        max_uses: Some(4),
    };
    let (_, token) = state.admin.user(actor).issue_token(new).await.map_err(|error| error.to_string())?;
    // As the snippets have it, so that what works here works for every client.
    let base = if route.connection.settings.client_root().is_empty() { "" } else { "v1/" };
    let token = token.expose();
    let models = call(state, actor, name, Method::GET, format!("{base}models"), token, Value::Null).await?.0;
    let model = models["data"][0]["id"].as_str().unwrap_or("default").to_owned();
    let body = json!({"model": model, "messages": [{"role": "user", "content": GREETING}], "max_tokens": 64});
    let path = format!("{base}chat/completions");
    let (answer, headers) = call(state, actor, name, Method::POST, path, token, body).await?;
    let text = answer["choices"][0]["message"]["content"].as_str().unwrap_or("(no text in the answer)");
    let header =
        |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("");
    let masked = countersign_detect::Engine::standard().mask(GREETING).text;
    let is_masked = route.connection.settings.masking.prompt;
    Ok(Hello {
        said: GREETING.to_owned(),
        sent: masked.filter(|_| is_masked).unwrap_or_else(|| GREETING.to_owned()),
        answer: text.to_owned(),
        receipt: header(RECEIPT).to_owned(),
        session: header(SESSION).parse().ok(),
    })
}

/// The connection as the data path has it. One that was just made arrives there by a notice through the database.
async fn in_use(state: &AppState, name: &str) -> Option<Arc<Route>> {
    for _ in 0..20 {
        if let Some(route) = state.directory.load().routes.get(name) {
            return Some(Arc::clone(route));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    None
}

async fn call(
    state: &AppState,
    actor: &Actor,
    name: &str,
    method: Method,
    path: String,
    token: &str,
    body: Value,
) -> Result<(Value, HeaderMap), String> {
    let mut headers = HeaderMap::new();
    let bearer = HeaderValue::from_str(&format!("Bearer {token}")).map_err(|error| error.to_string())?;
    headers.insert(header::AUTHORIZATION, bearer);
    let bytes = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    if !bytes.is_empty() {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    let now = state.clock.now();
    let visit = Visit {
        request: RequestId::from_uuid(state.mint.uuid(now)),
        at: now,
        started: Instant::now(),
        peer: actor.peer.clone(),
        method,
        connection: name.to_owned(),
        path,
        query: None,
        userinfo: false,
        user_agent: Some("countersign-hello".into()),
    };
    let body = reply::full(bytes.into());
    let response = state.door.gateway.handle(Arrival { visit, headers, body }).await;
    let (head, body) = response.into_parts();
    let bytes = body.collect().await.map_err(|_| "The answer broke off.".to_owned())?.to_bytes();
    let value: Value = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    if head.status.is_success() {
        Ok((value, head.headers))
    } else {
        let sentence = value["error"]["message"].as_str().unwrap_or("no reason was given");
        Err(format!("The answer was HTTP {}: {sentence}", head.status.as_u16()))
    }
}
