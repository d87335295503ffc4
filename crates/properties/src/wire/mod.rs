//! The protocols: JSON bodies, JSON in strings, framings, streams of every shape, forms.

mod arguments;
mod body;
mod dialects;
mod forms;
mod framing;
mod stream;
mod toy;

pub use arguments::arguments;
pub use body::json_body;
pub use forms::{forms, multipart};
pub use framing::framing;
pub use stream::streams;

use serde_json::Value;

/// Every string and key of a document.
fn strings<'v>(value: &'v Value, each: &mut impl FnMut(&'v str)) {
    match value {
        Value::String(text) => each(text),
        Value::Array(items) => items.iter().for_each(|item| strings(item, each)),
        Value::Object(members) => {
            for (key, value) in members {
                each(key);
                strings(value, each);
            }
        }
        _ => {}
    }
}
