//! One of the places in the house that requests in flight take: kept until the response's last byte has gone out, or the
//! response is dropped. The body is passed through as it is, its length included.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::Response;
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt as _;
use tokio::sync::OwnedSemaphorePermit;

use crate::visit::{Body, BoxError};

/// Keeps the request's place until its response is over.
pub(crate) fn hold(response: Response<Body>, place: OwnedSemaphorePermit) -> Response<Body> {
    response.map(|body| Held { body, _place: place }.boxed_unsync())
}

struct Held {
    body: Body,
    _place: OwnedSemaphorePermit,
}

impl http_body::Body for Held {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use http_body::Body as _;
    use tokio::sync::Semaphore;

    use super::*;
    use crate::reply;

    #[tokio::test]
    async fn the_length_is_known_and_the_place_is_given_back() {
        let places = Arc::new(Semaphore::new(1));
        let place = Arc::clone(&places).try_acquire_owned().unwrap();
        let held = hold(Response::new(reply::full(Bytes::from_static(b"hello"))), place);
        assert_eq!(held.body().size_hint().exact(), Some(5));
        assert_eq!(places.available_permits(), 0);
        assert_eq!(held.into_body().collect().await.unwrap().to_bytes(), "hello");
        assert_eq!(places.available_permits(), 1);
    }
}
