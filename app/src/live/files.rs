//! Files that somebody chose or dropped, and texts saved as files. All of it stays in the browser, and there is none of it on
//! the server.

use leptos::ev;

/// A file, not read yet.
#[derive(Debug, Clone)]
pub(crate) struct Chosen {
    pub name: String,
    /// Bytes.
    pub size: u64,
    #[cfg(feature = "hydrate")]
    file: web_sys::File,
}

/// The first file of a drop.
pub(crate) fn dropped(event: &ev::DragEvent) -> Option<Chosen> {
    #[cfg(feature = "hydrate")]
    return Some(browser::chosen(event.data_transfer()?.files()?.get(0)?));
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = event;
        None
    }
}

/// Whether files are being dragged, rather than text.
pub(crate) fn is_of_files(event: &ev::DragEvent) -> bool {
    #[cfg(feature = "hydrate")]
    return browser::is_of_files(event);
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = event;
        false
    }
}

/// The file of an input, which is emptied so that the same one can be chosen again.
pub(crate) fn chosen(event: &ev::Event) -> Option<Chosen> {
    #[cfg(feature = "hydrate")]
    return browser::of_input(event);
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = event;
        None
    }
}

#[cfg(feature = "hydrate")]
impl Chosen {
    /// As the browser has it.
    pub(super) fn file(&self) -> &web_sys::File {
        &self.file
    }
}

/// Text that the browser holds until somebody saves it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Saved {
    /// Of the browser's own making, such as `blob:…`.
    address: String,
}

impl Saved {
    /// `None`: the browser has no room for it.
    #[cfg(feature = "hydrate")]
    pub(super) fn new(blob: &web_sys::Blob) -> Option<Self> {
        Some(Self { address: web_sys::Url::create_object_url_with_blob(blob).ok()? })
    }

    /// Saves it as a file.
    pub(crate) fn download(&self, name: &str) {
        #[cfg(feature = "hydrate")]
        browser::download(name, &self.address);
        #[cfg(not(feature = "hydrate"))]
        let _ = (name, &self.address);
    }
}

#[cfg(feature = "hydrate")]
impl Drop for Saved {
    fn drop(&mut self) {
        let address = std::mem::take(&mut self.address);
        // A download that has just begun still reads it.
        super::later(BEGIN, move || drop(web_sys::Url::revoke_object_url(&address)));
    }
}

/// How long the browser may take to begin a download, milliseconds.
#[cfg(feature = "hydrate")]
const BEGIN: u64 = 60_000;

/// Saves a text as a file.
pub(crate) fn download(name: &str, text: &str) {
    #[cfg(feature = "hydrate")]
    if let Some(saved) = browser::blob(text).and_then(|blob| Saved::new(&blob)) {
        saved.download(name);
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (name, text);
}

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::{ev, prelude::*};
    use wasm_bindgen::{JsCast, JsValue};

    use super::Chosen;

    pub(super) fn chosen(file: web_sys::File) -> Chosen {
        // Sizes are whole numbers below 2^53.
        Chosen { name: file.name(), size: u64::try_from(file.size() as i64).unwrap_or(0), file }
    }

    pub(super) fn is_of_files(event: &ev::DragEvent) -> bool {
        event.data_transfer().is_some_and(|data| data.types().includes(&JsValue::from_str("Files"), 0))
    }

    pub(super) fn of_input(event: &ev::Event) -> Option<Chosen> {
        let input = event.target()?.dyn_into::<web_sys::HtmlInputElement>().ok()?;
        let file = input.files()?.get(0)?;
        input.set_value("");
        Some(chosen(file))
    }

    pub(super) fn blob(text: &str) -> Option<web_sys::Blob> {
        let kind = web_sys::BlobPropertyBag::new();
        kind.set_type("text/plain;charset=utf-8");
        let parts = js_sys::Array::of1(&JsValue::from_str(text));
        web_sys::Blob::new_with_str_sequence_and_options(&parts, &kind).ok()
    }

    pub(super) fn download(name: &str, address: &str) {
        let link = document().create_element("a").ok().and_then(|link| link.dyn_into().ok());
        if let Some(link) = link {
            let link: web_sys::HtmlAnchorElement = link;
            link.set_href(address);
            link.set_download(name);
            link.click();
        }
    }
}
