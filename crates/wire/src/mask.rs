//! The door through which detection comes in. This crate calls it and never looks behind it.

use countersign_model::action::Passage;

/// Masks texts: whole ones at once, streamed ones piece by piece.
pub trait Masker {
    /// An incremental masker of one text.
    type Text: TextStream;

    /// Masks one whole text. `None` means unchanged.
    ///
    /// `place` is a path such as `messages[1].content`; it holds no content of the exchange (a masked object key
    /// appears in it as its label). `passage` is the kind of text it is, as far as the protocol tells.
    fn whole(&mut self, place: &str, passage: Passage, text: &str) -> Option<String>;

    /// Opens an incremental masker for one text: one channel of a stream, or one string inside tool arguments.
    fn open(&mut self, place: &str, passage: Passage) -> Self::Text;

    /// Takes back a text opened before, after its `finish`, so its findings can be collected.
    fn close(&mut self, place: &str, text: Self::Text);
}

/// An incremental masker of one text.
///
/// For every way of cutting a text into pushes, the outputs put together equal what [`Masker::whole`] makes of the
/// whole text. Everything this crate promises about streams rests on that.
pub trait TextStream {
    /// Takes more of the text and appends what may be released now.
    fn push(&mut self, text: &str, out: &mut String);
    /// The text has ended: appends everything still held.
    fn finish(&mut self, out: &mut String);
}
