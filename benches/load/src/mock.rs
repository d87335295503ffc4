//! The model: answers at once from memory, so that what is left is the way to it.

use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use futures::stream;
use http::{Request, Response, header};
use http_body_util::{BodyExt as _, Full, StreamBody, combinators::UnsyncBoxBody};
use hyper::{
    body::{Frame, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpListener, time::Instant};
use tokio_util::task::TaskTracker;

use crate::{Fault, prompts};

/// Pause between two deltas of a stream.
pub const PACE: Duration = Duration::from_millis(10);

/// A running mock.
pub struct Mock {
    pub address: SocketAddr,
    probed: Arc<Mutex<Option<Bytes>>>,
}

/// What it answers.
struct Answers {
    whole: Bytes,
    events: Arc<[Bytes]>,
    probed: Arc<Mutex<Option<Bytes>>>,
}

/// Starts it on a thread of its own, which ends with the process.
pub fn start() -> Result<Mock, Fault> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
    let address = listener.local_addr()?;
    let probed = Arc::new(Mutex::default());
    let answers = Arc::new(Answers {
        whole: prompts::answer(),
        events: prompts::events().into(),
        probed: Arc::clone(&probed),
    });
    std::thread::Builder::new()
        .name("mock".into())
        .spawn(move || runtime.block_on(serve(listener, answers)))?;
    Ok(Mock { address, probed })
}

impl Mock {
    /// The last probe as the model saw it.
    pub fn take_probe(&self) -> Option<Bytes> {
        self.probed.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

async fn serve(listener: TcpListener, answers: Arc<Answers>) {
    let connections = TaskTracker::new();
    loop {
        let Ok((socket, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        let _ = socket.set_nodelay(true);
        let answers = Arc::clone(&answers);
        connections.spawn(async move {
            let answer = service_fn(|request| {
                let answers = Arc::clone(&answers);
                async move { answers.answer(request).await }
            });
            // A connection that breaks is its caller's to notice.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(socket), answer).await;
        });
    }
}

impl Answers {
    async fn answer(
        &self,
        request: Request<Incoming>,
    ) -> Result<Response<UnsyncBoxBody<Bytes, Infallible>>, hyper::Error> {
        let body = request.into_body().collect().await?.to_bytes();
        let asked = |model: &str| has(&body, model);
        if asked(prompts::STREAM) {
            return Ok(self.stream(self.events.len()));
        }
        if asked(prompts::SILENT) {
            return Ok(self.stream(2));
        }
        if asked(prompts::PROBE) {
            *self.probed.lock().unwrap_or_else(PoisonError::into_inner) = Some(body.clone());
        }
        let mut response = Response::new(Full::new(self.whole.clone()).boxed_unsync());
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
        Ok(response)
    }

    /// The role and the first delta at once, then one event each [`PACE`] up to `until`; after a part, silence.
    fn stream(&self, until: usize) -> Response<UnsyncBoxBody<Bytes, Infallible>> {
        let events = Arc::clone(&self.events);
        let began = Instant::now();
        let paced = stream::unfold(0_u32, move |at| {
            let events = Arc::clone(&events);
            async move {
                if at as usize >= until {
                    if until < events.len() {
                        std::future::pending::<()>().await;
                    }
                    return None;
                }
                tokio::time::sleep_until(began + PACE * at.saturating_sub(1)).await;
                let event = events.get(at as usize)?.clone();
                Some((Ok(Frame::data(event)), at + 1))
            }
        });
        let mut response = Response::new(StreamBody::new(paced).boxed_unsync());
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, header::HeaderValue::from_static("text/event-stream"));
        response
    }
}

/// Whether the request names this model. The name is looked for at the ends only, where the keys of a request in our
/// order stand: a long prompt must not cost the model's core.
fn has(body: &[u8], model: &str) -> bool {
    let near = 64.min(body.len());
    [&body[..near], &body[body.len() - near..]]
        .iter()
        .any(|end| end.windows(model.len()).any(|at| at == model.as_bytes()))
}
