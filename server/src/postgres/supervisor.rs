//! The thread that owns the postmaster for as long as the process wants it.
//!
//! It lives from start to stop, because the kernel signals a child when the *thread* that made it ends: a
//! thread of an async pool would take PostgreSQL with it after ten idle seconds.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::StartError;
use super::postmaster::{Postmaster, Running};

const WATCH_EVERY: Duration = Duration::from_millis(100);
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub(super) struct Supervisor {
    state: Arc<State>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct State {
    stopping: AtomicBool,
    up: AtomicBool,
    restarts: AtomicU32,
}

impl Supervisor {
    /// Runs `begin` on a thread of its own and, when that gives a postmaster, keeps it running.
    pub fn start(
        begin: impl FnOnce(&dyn Fn() -> bool) -> Result<(Postmaster, Running), StartError> + Send + 'static,
    ) -> Result<Self, StartError> {
        let state = Arc::new(State::default());
        let (tell, told) = mpsc::channel();
        let mine = Arc::clone(&state);
        let no_thread = |source| StartError::Folder {
            doing: "start the thread that watches",
            path: Path::new("PostgreSQL").to_owned(),
            source,
        };
        let thread = thread::Builder::new()
            .name("postgres".to_owned())
            .spawn(move || match begin(&|| mine.stopping()) {
                Ok((postmaster, running)) => {
                    mine.up.store(true, Ordering::Release);
                    // The owner waits for this; a send fails only when it is gone, and then we stop at once.
                    let _owner_gone = tell.send(Ok(()));
                    mine.keep(&postmaster, running);
                }
                Err(error) => {
                    let _owner_gone = tell.send(Err(error));
                }
            })
            .map_err(no_thread)?;
        let supervisor = Self { state, thread: Some(thread) };
        told.recv().map_err(|_| no_thread(io::Error::other("it ended early")))??;
        Ok(supervisor)
    }

    pub fn is_up(&self) -> bool {
        self.state.up.load(Ordering::Acquire)
    }

    pub fn restarts(&self) -> u32 {
        self.state.restarts.load(Ordering::Relaxed)
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        self.state.stopping.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            if thread.join().is_err() {
                tracing::error!("the thread that watches PostgreSQL ended in a panic");
            }
        }
    }
}

impl State {
    fn stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    fn keep(&self, postmaster: &Postmaster, mut running: Running) {
        while !self.stopping() {
            thread::park_timeout(WATCH_EVERY);
            if self.stopping() {
                break;
            }
            if let Some(how) = running.ended() {
                self.up.store(false, Ordering::Release);
                tracing::error!(%how, "PostgreSQL ended by itself; starting it again");
                let Some(again) = self.bring_back(postmaster) else { return };
                running = again;
                self.restarts.fetch_add(1, Ordering::Relaxed);
                self.up.store(true, Ordering::Release);
            }
        }
        self.up.store(false, Ordering::Release);
        running.stop();
    }

    /// Tries until it runs, or gives `None` when nobody wants it any more. A first try often fails: server
    /// processes of the dead postmaster hold its shared memory until they have noticed.
    fn bring_back(&self, postmaster: &Postmaster) -> Option<Running> {
        let mut pause = FIRST_PAUSE;
        loop {
            let again = postmaster.clear_orphan().and_then(|()| postmaster.start(&|| self.stopping()));
            match again {
                Ok(running) => return Some(running),
                Err(_) if self.stopping() => return None,
                Err(error) => tracing::warn!(%error, "PostgreSQL does not start yet; trying again"),
            }
            thread::park_timeout(pause);
            if self.stopping() {
                return None;
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}
