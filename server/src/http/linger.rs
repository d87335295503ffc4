//! Reads what is left of a request that was answered early, so that its sender gets to read the answer.
//!
//! A connection that is closed with unread bytes is reset, and a reset throws away what the other side has not read
//! yet (RFC 9112, section 9.6): a client in the middle of an upload would see a broken pipe instead of our refusal.
//! Promises: reads at most [`MOST`] bytes for at most [`LONGEST`]; keeps none of them.
//! Never: asks for a body whose sender waits for a `100 Continue`.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::header,
    middleware::Next,
    response::Response,
};
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt as _;

const MOST: usize = 32 << 20;
const LONGEST: Duration = Duration::from_secs(2);

/// Lets whoever sends a large form or document read why it was refused.
pub async fn layer(request: Request, next: Next) -> Response {
    let rest = Rest::default();
    let waits = request.headers().contains_key(header::EXPECT);
    let request = request.map(|body| Body::new(rest.of(body)));
    let response = next.run(request).await;
    if !waits {
        rest.drain().await;
    }
    response
}

/// A request's body. If it is let go before its end, the rest is left for [`Rest::drain`].
#[derive(Debug)]
pub struct Read {
    body: Option<Body>,
    rest: Rest,
}

/// Where the rest of a body is left.
#[derive(Debug, Clone, Default)]
pub struct Rest(Arc<Mutex<Option<Body>>>);

impl Rest {
    /// The body, to be read by somebody who may let go of it.
    pub fn of(&self, body: Body) -> Read {
        Read { body: Some(body), rest: self.clone() }
    }

    /// Reads on, if the body was let go, and throws away what comes.
    pub async fn drain(self) {
        let Some(mut body) = self.0.lock().unwrap_or_else(PoisonError::into_inner).take() else { return };
        let reading = async {
            let mut read = 0;
            while let Some(Ok(frame)) = body.frame().await {
                read += frame.data_ref().map_or(0, Bytes::len);
                if read > MOST {
                    break;
                }
            }
        };
        // Late or too much: then the connection is closed with bytes unread after all.
        let _ = tokio::time::timeout(LONGEST, reading).await;
    }
}

impl http_body::Body for Read {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        let frame = ready!(Pin::new(body).poll_frame(context));
        if !matches!(frame, Some(Ok(_))) {
            self.body = None;
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(http_body::Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or_else(|| SizeHint::with_exact(0), http_body::Body::size_hint)
    }
}

impl Drop for Read {
    fn drop(&mut self) {
        if let Some(body) = self.body.take().filter(|body| !http_body::Body::is_end_stream(body)) {
            *self.rest.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(body);
        }
    }
}
