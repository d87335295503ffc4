//! The door of the data path: `/c/<connection>/…`, any method, straight into the gateway's first room.

use std::{net::SocketAddr, sync::Arc, time::Instant};

use axum::{
    body::Body,
    extract::{ConnectInfo, Request, State},
    http::{Response, header},
};
use countersign_gateway::{
    Gateway,
    visit::{Arrival, Visit},
};
use countersign_model::{Clock, Mint, RequestId};
use http_body_util::BodyExt as _;

use super::{linger::Rest, peer};

/// What the door needs.
#[derive(Clone)]
pub struct Door {
    pub gateway: Arc<Gateway>,
    pub clock: Arc<dyn Clock>,
    pub mint: Arc<dyn Mint>,
    pub trusted_proxies: Arc<[std::net::IpAddr]>,
}

/// Takes a request in.
pub async fn enter(
    State(door): State<Door>,
    ConnectInfo(socket): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let now = door.clock.now();
    let below = parts.uri.path().strip_prefix("/c/").unwrap_or("");
    let (connection, path) = below.split_once('/').unwrap_or((below, ""));
    let visit = Visit {
        request: RequestId::from_uuid(door.mint.uuid(now)),
        at: now,
        started: Instant::now(),
        peer: peer::name(socket, &parts.headers, &door.trusted_proxies),
        method: parts.method,
        connection: connection.to_owned(),
        path: path.to_owned(),
        query: parts.uri.query().map(str::to_owned),
        userinfo: parts.uri.authority().is_some_and(|authority| authority.as_str().contains('@')),
        user_agent: parts
            .headers
            .get(header::USER_AGENT)
            .and_then(|value| value.to_str().ok())
            .map(|value| value.chars().take(256).collect()),
    };
    let rest = Rest::default();
    let waits = parts.headers.contains_key(header::EXPECT);
    let body = rest.of(body).map_err(Into::into).boxed_unsync();
    let arrival = Arrival { visit, headers: parts.headers, body };
    let response = door.gateway.handle(arrival).await.map(Body::new);
    if !waits {
        rest.drain().await;
    }
    response
}
