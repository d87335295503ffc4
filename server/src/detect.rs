//! The command `detect`: masks a text that passes through, or answers questions about texts, one a line.
//!
//! Promises: what is decided is written and flushed before more is read, so `tail -f` and a program that waits for its
//! answer both see it at once. A question that makes no sense is answered by an error and the next is read. Memory is
//! bounded by the longest line; of a text that passes through, only what is not decided yet is kept, and the list of what
//! was found.
//!
//! Never: opens a database or a connection, or a file but that of `--rules`; writes to a log.

mod rules;

use std::{
    io::{self, ErrorKind, Read, Write},
    path::PathBuf,
    sync::Arc,
};

use countersign_detect::{
    Engine, NotUtf8, Utf8,
    inquiry::{Code, Inquiry, Offsets, Refusal},
};
use serde::Serialize;
use thiserror::Error;

use crate::cli::Detect;

/// Longest question, bytes without the line's end.
pub const LINE_MAX: usize = 32 << 20;
/// Most that is read at once, bytes.
const BUFFER: usize = 64 << 10;

/// Why reading or writing stopped.
#[derive(Debug, Error)]
pub enum Fault {
    #[error("standard input cannot be read: {0}")]
    Read(io::Error),
    #[error("standard output cannot be written: {0}")]
    Write(io::Error),
    #[error("the rules in {file}: {why}", file = .file.display())]
    Rules { file: PathBuf, why: String },
    #[error("standard input: {0}; what was not decided by then was not written")]
    NotUtf8(#[from] NotUtf8),
}

impl Fault {
    /// Nobody reads any more: not worth a word.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Write(error) if error.kind() == ErrorKind::BrokenPipe)
    }
}

/// What the process ends with.
pub fn exit_code(done: &Result<(), Fault>) -> u8 {
    match done {
        Ok(()) => 0,
        // What a shell reports of a filter that SIGPIPE ended.
        Err(fault) if fault.is_broken_pipe() => 141,
        Err(_) => 2,
    }
}

/// Does what the options say, to the end of the input.
pub fn run(options: &Detect, input: &mut impl Read, output: &mut impl Write) -> Result<(), Fault> {
    if options.entities {
        return entities(options.json, output);
    }
    let engine = Arc::new(match &options.rules {
        None => Engine::standard(),
        Some(path) => rules::engine(path).map_err(|why| Fault::Rules { file: path.clone(), why })?,
    });
    if options.json {
        questions(&engine, options.offsets, input, output)
    } else {
        text(&engine, input, output)
    }
}

fn text(engine: &Arc<Engine>, input: &mut impl Read, output: &mut impl Write) -> Result<(), Fault> {
    let mut input = Input::new(input);
    let (mut decoder, mut stream) = (Utf8::default(), engine.stream());
    let (mut text, mut masked) = (String::new(), String::new());
    loop {
        let bytes = input.more()?;
        let ended = bytes.is_empty();
        let decoded = if ended { decoder.finish() } else { decoder.push(bytes, &mut text) };
        input.from = input.to;
        stream.push(&text, &mut masked);
        text.clear();
        if ended && decoded.is_ok() {
            stream.finish(&mut masked);
        }
        if !masked.is_empty() {
            say(output, masked.as_bytes())?;
            masked.clear();
        }
        decoded?;
        if ended {
            return Ok(());
        }
    }
}

fn questions(
    engine: &Arc<Engine>,
    offsets: Offsets,
    input: &mut impl Read,
    output: &mut impl Write,
) -> Result<(), Fault> {
    let mut input = Input::new(input);
    let mut line = Vec::new();
    while let Some(fits) = input.line(&mut line)? {
        let inquiry = if fits {
            Inquiry::read(&line)
        } else {
            Err(Refusal::new(Code::TooLarge, format!("The line is longer than {LINE_MAX} bytes.")))
        };
        let mut answer = match inquiry {
            Ok(inquiry) => inquiry.answer(engine, offsets).json(),
            Err(refusal) => refusal.json(),
        };
        answer.push('\n');
        say(output, answer.as_bytes())?;
        // One long line is no reason to keep its room for ever.
        line.clear();
        line.shrink_to(BUFFER);
    }
    Ok(())
}

/// What was read and not yet taken.
struct Input<'a, R> {
    source: &'a mut R,
    buffer: Vec<u8>,
    from: usize,
    to: usize,
    ended: bool,
}

impl<'a, R: Read> Input<'a, R> {
    fn new(source: &'a mut R) -> Self {
        Self { source, buffer: vec![0; BUFFER], from: 0, to: 0, ended: false }
    }

    /// What is there, waiting for it if there is nothing; empty at the end, which is asked for once.
    fn more(&mut self) -> Result<&[u8], Fault> {
        while self.from == self.to && !self.ended {
            match self.source.read(&mut self.buffer) {
                Ok(read) => (self.from, self.to, self.ended) = (0, read, read == 0),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(Fault::Read(error)),
            }
        }
        Ok(&self.buffer[self.from..self.to])
    }

    /// Reads a line without its end. `None`: there is no more. `false`: it is too long, and was passed over.
    fn line(&mut self, line: &mut Vec<u8>) -> Result<Option<bool>, Fault> {
        let (mut any, mut fits) = (false, true);
        loop {
            let bytes = self.more()?;
            if bytes.is_empty() {
                return Ok(any.then_some(fits));
            }
            any = true;
            let end = bytes.iter().position(|byte| *byte == b'\n');
            let part = &bytes[..end.unwrap_or(bytes.len())];
            fits = fits && line.len() + part.len() <= LINE_MAX;
            if fits {
                line.extend_from_slice(part);
            }
            self.from += part.len() + usize::from(end.is_some());
            if end.is_some() {
                return Ok(Some(fits));
            }
        }
    }
}

fn say(output: &mut impl Write, bytes: &[u8]) -> Result<(), Fault> {
    output.write_all(bytes).and_then(|()| output.flush()).map_err(Fault::Write)
}

fn entities(json: bool, output: &mut impl Write) -> Result<(), Fault> {
    #[derive(Serialize)]
    struct Line {
        name: &'static str,
        label: &'static str,
        about: &'static str,
    }
    let all: Vec<Line> = Engine::definitions()
        .iter()
        .map(|one| Line { name: one.entity.name(), label: one.entity.label(), about: one.about })
        .collect();
    let mut said = String::new();
    if json {
        said = serde_json::to_string_pretty(&all).map_err(|error| Fault::Write(error.into()))?;
        said.push('\n');
    } else {
        let widest = all.iter().map(|one| one.name.len()).max().unwrap_or_default();
        for Line { name, about, .. } in all {
            said.extend([&*format!("{name:widest$}"), "  ", about, "\n"]);
        }
    }
    say(output, said.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives these pieces, one a read, and then fails or ends.
    struct Pieces<'a>(Vec<&'a [u8]>, Option<ErrorKind>);

    impl Read for Pieces<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() {
                return self.1.take().map_or(Ok(0), |kind| Err(kind.into()));
            }
            let piece = self.0.remove(0);
            buffer[..piece.len()].copy_from_slice(piece);
            Ok(piece.len())
        }
    }

    /// Counts flushes; breaks after so many bytes.
    struct Sink {
        written: Vec<u8>,
        flushed: usize,
        room: usize,
    }

    impl Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.room == 0 {
                return Err(ErrorKind::BrokenPipe.into());
            }
            let part = bytes.len().min(self.room);
            self.room -= part;
            self.written.extend_from_slice(&bytes[..part]);
            Ok(part)
        }

        fn flush(&mut self) -> io::Result<()> {
            self.flushed += 1;
            Ok(())
        }
    }

    fn detect(json: bool, input: Pieces<'_>, room: usize) -> (String, usize, Result<(), Fault>) {
        let mut input = input;
        let mut sink = Sink { written: Vec::new(), flushed: 0, room };
        let done = run(
            &Detect { json, offsets: Offsets::Char, entities: false, rules: None },
            &mut input,
            &mut sink,
        );
        (String::from_utf8(sink.written).unwrap(), sink.flushed, done)
    }

    #[test]
    fn each_line_has_one_answer_and_one_flush() {
        let lines = Pieces(vec![b"{\"te", b"xt\":\"a\"}\n\n{\"text\":1}\n", b"{\"text\":\"b\"}"], None);
        let (said, flushed, done) = detect(true, lines, usize::MAX);
        assert!(done.is_ok());
        assert_eq!((said.lines().count(), flushed), (4, 4), "{said}");
        assert!(said.ends_with("\"masked\":\"b\"}\n"), "{said}");
    }

    #[test]
    fn a_line_that_is_too_long_is_passed_over_in_its_length() {
        let long = vec![b'x'; LINE_MAX + 1];
        let mut pieces: Vec<&[u8]> = long.chunks(BUFFER).collect();
        pieces.push(b"\n{\"text\":\"ok\"}\n");
        let (said, _, _) = detect(true, Pieces(pieces, None), usize::MAX);
        let lines: Vec<&str> = said.lines().collect();
        assert_eq!(lines.len(), 2);
        assert!(lines[0].starts_with("{\"error\":{\"code\":\"too_large\""), "{}", lines[0]);
        assert!(lines[1].ends_with("\"masked\":\"ok\"}"));
    }

    #[test]
    fn text_passes_in_pieces_and_cut_characters_wait() {
        let (said, flushed, done) =
            detect(false, Pieces(vec![b"\xc3", b"\xa9 one\n", b"ann@exam", b"ple.com\n"], None), usize::MAX);
        assert_eq!((said.as_str(), exit_code(&done)), ("é one\n[EMAIL_ADDRESS]\n", 0));
        assert!(flushed >= 2);
    }

    #[test]
    fn the_end_of_the_process_says_what_happened() {
        let (said, _, done) = detect(false, Pieces(vec![b"one\n", b"4111 1111 1111 \xff"], None), usize::MAX);
        assert_eq!((said.as_str(), exit_code(&done)), ("one\n", 2));
        assert!(done.unwrap_err().to_string().contains("byte 19"));
        let (_, _, done) = detect(true, Pieces(vec![], Some(ErrorKind::Other)), usize::MAX);
        assert_eq!(exit_code(&done), 2);
        let (_, _, done) = detect(true, Pieces(vec![b"{}\n{}\n"], Some(ErrorKind::Interrupted)), 3);
        assert_eq!(exit_code(&done), 141);
        assert!(done.unwrap_err().is_broken_pipe());
    }
}
