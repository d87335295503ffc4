//! What scripts add: the present time, a count of news from the server, copying, keys, and forms that are sent once.
//!
//! On the server all of it stands still, so the first render never depends on the clock or the browser.

#[cfg(feature = "hydrate")]
pub(crate) mod browser;
pub(crate) mod detector;
#[cfg(feature = "hydrate")]
mod feed;
pub(crate) mod files;
#[cfg(feature = "hydrate")]
mod keys;

use countersign_model::Timestamp;
use leptos::prelude::*;

use crate::{context::Theme, error::UiError};

/// Whether news arrive.
#[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only the browser hears news"))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Feed {
    /// No script, or nobody signed in.
    Off,
    Open,
    /// The browser is trying again.
    Lost,
    /// The session has ended.
    Out,
}

/// The live signals of this page load.
#[derive(Clone, Copy)]
pub(crate) struct Live {
    /// The present; `None` until the browser said it.
    pub now: RwSignal<Option<Timestamp>>,
    /// Grows with every change of the record or an exchange, at most once a second.
    pub news: RwSignal<u32>,
    /// Grows when exchanges began or ended.
    pub exchanges: RwSignal<u32>,
    pub feed: RwSignal<Feed>,
    /// The last thing a page asked for did not come.
    pub failing: RwSignal<bool>,
    pub theme: RwSignal<Theme>,
    /// Single-key shortcuts are on.
    pub keys: RwSignal<bool>,
    /// The list of shortcuts is open.
    pub help: RwSignal<bool>,
}

/// Makes the signals and, in the browser, starts what feeds them.
pub(crate) fn provide(signed_in: bool, theme: Theme) {
    let live = Live::still(true, theme);
    provide_context(live);
    #[cfg(feature = "hydrate")]
    Effect::new(move || {
        browser::start_clock(live);
        keys::listen(live);
        browser::send_forms_once();
        if signed_in {
            feed::open(live);
        }
    });
    #[cfg(not(feature = "hydrate"))]
    let _ = signed_in;
}

/// The live signals; standing still when there are none.
pub(crate) fn live() -> Live {
    use_context::<Live>().unwrap_or_else(|| Live::still(false, Theme::System))
}

impl Live {
    fn still(keys: bool, theme: Theme) -> Self {
        Self {
            now: RwSignal::new(None),
            news: RwSignal::new(0),
            exchanges: RwSignal::new(0),
            feed: RwSignal::new(Feed::Off),
            failing: RwSignal::new(false),
            theme: RwSignal::new(theme),
            keys: RwSignal::new(keys),
            help: RwSignal::new(false),
        }
    }

    /// Takes note of how a call went.
    pub(crate) fn went(self, error: Option<&UiError>) {
        let failing = error.is_some_and(UiError::passes);
        if self.failing.get_untracked() != failing {
            self.failing.set(failing);
        }
        if error == Some(&UiError::SignedOut) && self.feed.get_untracked() != Feed::Out {
            self.feed.set(Feed::Out);
        }
    }
}

/// Shows the page in another theme and keeps the choice. Browser only.
pub(crate) fn choose_theme(theme: Theme) {
    live().theme.set(theme);
    #[cfg(feature = "hydrate")]
    browser::choose_theme(theme.name());
}

/// Opens or closes a dialog over the page. Browser only.
pub(crate) fn show_modal(dialog: NodeRef<leptos::html::Dialog>, open: bool) {
    #[cfg(feature = "hydrate")]
    if let Some(dialog) = dialog.get_untracked() {
        browser::show_modal(&dialog, open);
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (dialog, open);
}

/// Puts text on the clipboard and calls back when it is there. Does nothing on the server.
pub(crate) fn copy(text: String, done: impl FnOnce() + 'static) {
    #[cfg(feature = "hydrate")]
    browser::copy(text, done);
    #[cfg(not(feature = "hydrate"))]
    drop((text, done));
}

/// Runs something later, in the browser only.
pub(crate) fn later(milliseconds: u64, act: impl FnOnce() + 'static) {
    #[cfg(feature = "hydrate")]
    leptos::leptos_dom::helpers::set_timeout(act, std::time::Duration::from_millis(milliseconds));
    #[cfg(not(feature = "hydrate"))]
    drop((milliseconds, act));
}

/// Remembers whether single keys act, in this browser.
pub(crate) fn remember_keys(on: bool) {
    #[cfg(feature = "hydrate")]
    keys::remember(on);
    #[cfg(not(feature = "hydrate"))]
    let _ = on;
}

/// Moves the focus to the page's content, so that a reader hears that it changed.
pub(crate) fn focus_content() {
    #[cfg(feature = "hydrate")]
    browser::focus("#content");
}

/// What stands in the named fields of the form an event came from. Browser only.
pub(crate) fn form_values(event: &leptos::ev::Event, names: &[&'static str]) -> Vec<(&'static str, String)> {
    #[cfg(feature = "hydrate")]
    return browser::form_values(event, names);
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = (event, names);
        Vec::new()
    }
}
