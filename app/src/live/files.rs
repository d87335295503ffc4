//! Files that somebody chose or dropped: read in slices, and written back as a download. All of it stays in the browser,
//! and there is none of it on the server.

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

/// Bytes `from..to` of a file. `None`: it cannot be read, or not any more. The page gets its turn meanwhile.
#[cfg(feature = "hydrate")]
pub(crate) async fn slice(chosen: &Chosen, from: u64, to: u64) -> Option<Vec<u8>> {
    browser::slice(&chosen.file, from, to).await
}

/// There are no files on the server.
#[cfg(not(feature = "hydrate"))]
pub(crate) fn slice(_: &Chosen, _: u64, _: u64) -> std::future::Ready<Option<Vec<u8>>> {
    std::future::ready(None)
}

/// Saves parts of a text as one file.
pub(crate) fn download(name: &str, parts: &[String]) {
    #[cfg(feature = "hydrate")]
    browser::download(name, parts);
    #[cfg(not(feature = "hydrate"))]
    let _ = (name, parts);
}

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::{ev, prelude::*};
    use wasm_bindgen::{JsCast, JsValue};
    use wasm_bindgen_futures::JsFuture;

    use super::Chosen;

    /// How long the browser may take to begin a download, milliseconds.
    const BEGIN: u64 = 60_000;

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

    pub(super) async fn slice(file: &web_sys::File, from: u64, to: u64) -> Option<Vec<u8>> {
        let part = file.slice_with_f64_and_f64(from as f64, to as f64).ok()?;
        let bytes = JsFuture::from(part.array_buffer()).await.ok()?;
        Some(js_sys::Uint8Array::new(&bytes).to_vec())
    }

    pub(super) fn download(name: &str, parts: &[String]) {
        let list: js_sys::Array = parts.iter().map(|part| JsValue::from_str(part)).collect();
        let kind = web_sys::BlobPropertyBag::new();
        kind.set_type("text/plain;charset=utf-8");
        let Ok(blob) = web_sys::Blob::new_with_str_sequence_and_options(&list, &kind) else { return };
        let Ok(address) = web_sys::Url::create_object_url_with_blob(&blob) else { return };
        let link = document().create_element("a").ok().and_then(|link| link.dyn_into().ok());
        if let Some(link) = link {
            let link: web_sys::HtmlAnchorElement = link;
            link.set_href(&address);
            link.set_download(name);
            link.click();
        }
        super::super::later(BEGIN, move || drop(web_sys::Url::revoke_object_url(&address)));
    }
}
