//! The accept loop: HTTP/1.1 and h2c on one port, with limits that a public port needs (a slow head is cut off, silent
//! HTTP/2 peers are found out), and an orderly end.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{Router, body::Body, extract::ConnectInfo, http::Request};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto::Builder, graceful::GracefulShutdown},
};
use nix::sys::socket::{setsockopt, sockopt};
use tokio::{net::TcpListener, sync::Semaphore};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt as _;

use super::framing;

/// Longest time a client may take over a request's head.
const HEAD: Duration = Duration::from_secs(15);
/// How often a silent HTTP/2 connection is asked whether it is alive, and how long it may take to say so.
const PING: (Duration, Duration) = (Duration::from_secs(30), Duration::from_secs(15));
/// Connections at once; one more is closed at once.
const CONNECTIONS: usize = 16_384;
/// Longest time a peer may leave what we sent unread (RFC 5482); after it the connection is dead to us.
const UNREAD_MS: u32 = 120_000;
/// Largest request head, bytes.
const HEAD_MAX: usize = 64 << 10;
/// Pause after an accept that failed, such as for want of file descriptors.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves until `stop`, then lets open requests end within `drain`. Returns whether all of them did.
pub async fn listen(listener: TcpListener, app: Router, stop: &CancellationToken, drain: Duration) -> bool {
    let connections = TaskTracker::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let cut = CancellationToken::new();
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(HEAD_MAX);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(PING.0)
        .keep_alive_timeout(PING.1)
        .max_header_list_size(HEAD_MAX as u32);
    let graceful = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let (socket, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            tracing::warn!(%peer, "too many connections");
            continue;
        };
        let _ = socket.set_nodelay(true);
        let _ = setsockopt(&socket, sockopt::TcpUserTimeout, &UNREAD_MS);
        let began = Arc::new(AtomicBool::new(false));
        let begins = Arc::clone(&began);
        let app = app.clone();
        let service = service_fn(move |request: Request<Incoming>| {
            begins.store(true, Ordering::Relaxed);
            answer(app.clone(), peer, request)
        });
        let connection = builder.serve_connection_with_upgrades(TokioIo::new(socket), service).into_owned();
        let watched = graceful.watch(connection);
        let cut = cut.clone();
        // The version is told by the first bytes, for which hyper has no time limit of its own.
        let silent = async move {
            tokio::time::sleep(HEAD).await;
            if began.load(Ordering::Relaxed) {
                std::future::pending::<()>().await;
            }
        };
        connections.spawn(async move {
            let _place = place;
            tokio::select! {
                () = cut.cancelled() => {}
                () = silent => {}
                ended = watched => {
                    if let Err(error) = ended {
                        tracing::debug!(%peer, %error, "a connection ended in an error");
                    }
                }
            }
        });
    }
    drop(listener);
    let ended = tokio::time::timeout(drain, graceful.shutdown()).await.is_ok();
    // Dropping what is left writes its outcomes, which the caller waits for.
    cut.cancel();
    connections.close();
    connections.wait().await;
    ended
}

async fn answer(
    app: Router,
    peer: SocketAddr,
    request: Request<Incoming>,
) -> Result<axum::response::Response, std::convert::Infallible> {
    if let Some(refused) = framing::refuse(&request) {
        return Ok(refused);
    }
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(peer));
    app.oneshot(request).await
}
