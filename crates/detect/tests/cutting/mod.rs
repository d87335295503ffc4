//! A text in pieces, as a stream may bring it.

/// Pieces of as many characters as `sizes` says, over and over, to the end of the text.
pub fn pieces<'a>(text: &'a str, sizes: &'a [usize]) -> impl Iterator<Item = &'a str> {
    let (mut rest, mut sizes) = (text, sizes.iter().cycle());
    std::iter::from_fn(move || {
        let size = sizes.next().filter(|_| !rest.is_empty())?;
        let cut = rest.char_indices().nth(*size).map_or(rest.len(), |(cut, _)| cut);
        let (piece, behind) = rest.split_at(cut);
        rest = behind;
        Some(piece)
    })
}
