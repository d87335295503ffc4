//! Reads choices off the front of some bytes; the rest is the text. When the bytes are used up, every choice is the
//! first.

/// What is left of the bytes.
pub struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    pub fn flag(&mut self) -> bool {
        self.byte() & 1 == 1
    }

    /// Below `most`, which is not 0.
    pub fn below(&mut self, most: usize) -> usize {
        let wide = most > 256;
        let low = usize::from(self.byte());
        let high = if wide { usize::from(self.byte()) } else { 0 };
        (low | high << 8) % most
    }

    /// One of them; there is at least one.
    pub fn choose<T: Copy>(&mut self, among: &[T]) -> T {
        among[self.below(among.len())]
    }

    /// As many bytes, or all there are.
    pub fn take(&mut self, length: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(length.min(self.0.len()));
        self.0 = rest;
        taken
    }

    /// Sizes of pieces to cut a text into, over and over; not all of them 0.
    pub fn sizes(&mut self) -> Vec<usize> {
        let mut sizes: Vec<usize> = (0..=self.below(4)).map(|_| usize::from(self.byte())).collect();
        if sizes.iter().all(|size| *size == 0) {
            sizes.push(1);
        }
        sizes
    }

    pub fn rest(self) -> &'a [u8] {
        self.0
    }

    /// The rest as text: what is none becomes a replacement character.
    pub fn text(self) -> String {
        String::from_utf8_lossy(self.0).into_owned()
    }
}

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

/// The same of bytes.
pub fn chunks<'a>(bytes: &'a [u8], sizes: &'a [usize]) -> impl Iterator<Item = &'a [u8]> {
    let (mut rest, mut sizes) = (bytes, sizes.iter().cycle());
    std::iter::from_fn(move || {
        let size = sizes.next().filter(|_| !rest.is_empty())?;
        let (piece, behind) = rest.split_at(rest.len().min(*size));
        rest = behind;
        Some(piece)
    })
}
