//! One question and its answer over a connection that the steps before have made.

use std::convert::Infallible;

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper_util::rt::TokioIo;

use super::{trouble::Trouble, way::Stream};

/// Asks once. Only so many bytes of the answer are read.
pub(super) async fn exchange<B>(
    request: Request<B>,
    stream: Box<dyn Stream>,
    https: bool,
    answer_max: usize,
) -> Result<(StatusCode, HeaderMap, Bytes), Trouble>
where
    B: http_body::Body<Data = Bytes, Error = Infallible> + Send + 'static,
{
    let (mut sender, connection) = hyper::client::conn::http1::handshake::<_, B>(TokioIo::new(stream))
        .await
        .map_err(|_| Trouble::Hung { https })?;
    let talk = async {
        let response = sender.send_request(request).await.map_err(|error| {
            if error.is_parse() { Trouble::NotHttp { https } } else { Trouble::Hung { https } }
        })?;
        let (head, body) = response.into_parts();
        let body = Limited::new(body, answer_max).collect().await.map_err(|error| {
            if error.is::<LengthLimitError>() { Trouble::TooLarge } else { Trouble::BrokeOff }
        })?;
        Ok((head.status, head.headers, body.to_bytes()))
    };
    let drive = async {
        let _ = connection.await;
        std::future::pending::<()>().await;
    };
    tokio::select! {
        answer = talk => answer,
        () = drive => Err(Trouble::Hung { https }),
    }
}
