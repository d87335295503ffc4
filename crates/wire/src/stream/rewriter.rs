//! The stream's state machine: blocks in, blocks out.

use std::{borrow::Cow, collections::BTreeMap};

use countersign_model::action::Passage;

use super::{
    End, Framing, Options, Release, StreamError, StreamRecord,
    channel::{Channel, Template},
    cutter::Cutter,
    dialect::{Family, Mark, Plan},
    outbox::Outbox,
    render,
    skeleton::Skeleton,
    visit::Visitor,
};
use crate::{
    Masker, Shape, Usage,
    json::{Document, Tape, escape_into},
    sse::Block,
    walk::{Manner, walk},
};

/// Rewrites one streamed answer.
///
/// Give it bytes as they come with [`push`](Self::push), say how they ended with [`finish`](Self::finish), then take
/// the record. After an error nothing more is released; call `finish` with [`End::Broken`].
pub struct StreamRewriter<M: Masker> {
    shape: Shape,
    options: Options,
    cutter: Cutter,
    tape: Tape,
    outbox: Outbox,
    channels: BTreeMap<String, Channel<M::Text>>,
    /// Members around `choices` of the last chunk, ready to be written again.
    envelope: String,
    /// The last id stated for each tool call.
    calls: BTreeMap<String, String>,
    /// Ids of output items, for servers that do not number them.
    items: Vec<String>,
    /// The stream's line end.
    end: String,
    /// One text said that it was complete, in a protocol that has no mark for the whole.
    part_ended: bool,
    /// Masking has changed some text.
    moved: bool,
    skeleton: Skeleton,
    record: StreamRecord,
    failed: Option<StreamError>,
}

impl<M: Masker> StreamRewriter<M> {
    /// A rewriter for one stream.
    pub fn new(shape: Shape, framing: Framing, options: Options) -> Self {
        Self {
            shape,
            options,
            cutter: Cutter::new(framing, options.max_event),
            tape: Tape::default(),
            outbox: Outbox::default(),
            channels: BTreeMap::new(),
            envelope: String::new(),
            calls: BTreeMap::new(),
            items: Vec::new(),
            end: "\n".to_owned(),
            part_ended: false,
            moved: false,
            skeleton: Skeleton::default(),
            record: StreamRecord::default(),
            failed: None,
        }
    }

    /// What was learnt so far.
    pub fn record(&self) -> &StreamRecord {
        &self.record
    }

    /// What was learnt.
    pub fn into_record(self) -> StreamRecord {
        self.record
    }

    /// Takes bytes of the upstream and appends what the client may have.
    ///
    /// # Errors
    /// [`StreamError`] when the stream cannot be read any further; what was appended before stays good. With
    /// [`Release::Original`] there are no errors: the bytes go on, and the record says from when on it is blind.
    pub fn push(&mut self, bytes: &[u8], masker: &mut M, out: &mut Vec<u8>) -> Result<(), StreamError> {
        let original = self.options.release == Release::Original;
        if original {
            out.extend_from_slice(bytes);
        }
        let read = match self.failed {
            Some(error) => Err(error),
            None => match self.read(bytes, masker) {
                // What cannot be read came after the end: it is dropped like anything else there.
                Err(_) if self.record.done => Ok(()),
                read => read,
            },
        };
        self.deliver(out);
        if let Err(error) = read {
            self.failed = Some(error);
            self.record.unreadable = Some(error);
            return if original { Ok(()) } else { Err(error) };
        }
        Ok(())
    }

    /// The upstream's bytes have ended. Appends what is left, and never an end mark the upstream did not send.
    ///
    /// # Errors
    /// [`StreamError::MissingDone`] when the transport ended cleanly but the protocol did not; an earlier error again;
    /// what is left over may fail to be read. Text that was held back is dropped then, as with [`End::Broken`].
    pub fn finish(&mut self, end: End, masker: &mut M, out: &mut Vec<u8>) -> Result<(), StreamError> {
        let ended = match (self.failed, end) {
            (Some(error), _) => Err(error),
            // After the end mark nothing is missing, however the connection goes.
            (None, End::Broken) if self.record.done => Ok(()),
            (None, End::Broken) => {
                self.abandon(masker);
                self.deliver(out);
                return Ok(());
            }
            (None, End::Clean) => self.end(masker),
        };
        if let Err(error) = ended {
            self.failed = Some(error);
            self.record.unreadable = Some(error).filter(|e| *e != StreamError::MissingDone);
            self.abandon(masker);
        }
        self.deliver(out);
        if self.options.release == Release::Original && ended != Err(StreamError::MissingDone) {
            return Ok(());
        }
        ended
    }

    fn read(&mut self, mut bytes: &[u8], masker: &mut M) -> Result<(), StreamError> {
        while let Some(block) = self.cutter.next(&mut bytes).map_err(|_| StreamError::EventTooLarge)? {
            // Nothing belongs to an answer that is complete, whether it came in the same packet or later.
            if (!self.record.done || block.lines.is_empty()) && !self.alike(&block, masker) {
                self.block(&block, masker)?;
            }
            self.cutter.reuse(block);
        }
        Ok(())
    }

    fn end(&mut self, masker: &mut M) -> Result<(), StreamError> {
        let framing = self.cutter.framing();
        if let Some(mut block) = self.cutter.rest().filter(|_| !self.record.done) {
            // The last event lacks its blank line. It is whole all the same if its data can be read.
            if framing == Framing::Events && !block.lines.is_empty() {
                let end = self.end.clone();
                if block.lines.last().is_some_and(|line| line.end == block.raw.len()) {
                    block.raw.extend_from_slice(end.as_bytes());
                }
                block.raw.extend_from_slice(end.as_bytes());
            }
            self.block(&block, masker)?;
        }
        // Where each text has its own end, one that is still open was cut short.
        let parts_ended = self.part_ended && self.channels.is_empty();
        let ended = self.record.done || parts_ended || self.record.upstream_error;
        if self.shape.has_end_mark() && !ended {
            return Err(StreamError::MissingDone);
        }
        self.flush(masker, |_, _| true);
        Ok(())
    }

    /// Drops what is held back. The maskers are still closed, so that their findings are collected.
    fn abandon(&mut self, masker: &mut M) {
        self.record.broken = true;
        for (place, channel) in std::mem::take(&mut self.channels) {
            let _ = channel.finish(&place, masker);
        }
        self.outbox.close_all();
    }

    fn deliver(&mut self, out: &mut Vec<u8>) {
        if self.options.release == Release::Masked {
            self.outbox.drain(out);
        } else {
            self.outbox.drain(&mut Vec::new());
        }
    }

    /// Handles an event that differs from the last one in its one piece only; false when it does not.
    fn alike(&mut self, block: &Block, masker: &mut M) -> bool {
        let Some(piece) = self.skeleton.piece(block) else {
            return false;
        };
        let Some(channel) = self.channels.get_mut(&self.skeleton.channel) else {
            return false;
        };
        let released = channel.push(piece, masker);
        self.moved |= channel.has_moved;
        self.record.add(channel.slot, &released, self.options.max_text);
        self.record.bytes_inspected += self.skeleton.inspected + piece.len() as u64;
        if !piece.is_empty() {
            self.record.first_text_event.get_or_insert(self.record.events);
        }
        self.record.events += 1;
        if released == piece {
            self.outbox.bytes(&block.raw);
        } else {
            let (head, tail) = self.skeleton.around();
            let mut text = String::with_capacity(released.len() + 8);
            for character in released.chars() {
                escape_into(character, &mut text);
            }
            self.outbox.bytes(head);
            self.outbox.bytes(text.as_bytes());
            self.outbox.bytes(tail);
        }
        true
    }

    fn block(&mut self, block: &Block, masker: &mut M) -> Result<(), StreamError> {
        if block.lines.is_empty() {
            self.outbox.bytes(&block.raw);
            return Ok(());
        }
        if self.cutter.framing() == Framing::Lines {
            let mut tape = std::mem::take(&mut self.tape);
            let doc = tape.read(&block.raw)?;
            self.event(block, &[], None, doc, masker)?;
            self.tape = tape;
            return Ok(());
        }
        self.end.clear();
        self.end.push_str(match block.end_of(0) {
            b"\r\n" => "\r\n",
            b"\r" => "\r",
            _ => "\n",
        });
        let mut data: Option<Cow<'_, [u8]>> = None;
        let mut lines = Vec::with_capacity(block.lines.len());
        let mut named = None;
        for range in &block.lines {
            let line = block.line(range);
            if line.name == b"data" {
                match &mut data {
                    None => data = Some(Cow::Borrowed(line.value)),
                    Some(data) => {
                        data.to_mut().push(b'\n');
                        data.to_mut().extend_from_slice(line.value);
                    }
                }
                lines.push(None);
                continue;
            }
            let raw = block.raw.get(range.clone()).unwrap_or_default();
            let raw = std::str::from_utf8(raw).map_err(|_| StreamError::NotUtf8)?;
            let masked = mask_line(raw, masker);
            if line.name == b"event" {
                let shown = masked.as_deref().unwrap_or(raw);
                named = shown.split_once(':').map(|(_, value)| value.trim_start().to_owned());
            }
            lines.push(masked);
        }
        match data.as_deref().map(<[u8]>::trim_ascii) {
            None | Some(b"") => render::block(block, &lines, None, &mut self.outbox),
            Some(b"[DONE]") => {
                self.flush(masker, |_, _| true);
                self.record.done = true;
                render::block(block, &lines, None, &mut self.outbox);
            }
            Some(_) => {
                let mut tape = std::mem::take(&mut self.tape);
                let doc = tape.read(data.as_deref().unwrap_or_default())?;
                self.event(block, &lines, named.as_deref(), doc, masker)?;
                self.tape = tape;
            }
        }
        Ok(())
    }

    fn event(
        &mut self,
        block: &Block,
        lines: &[Option<String>],
        named: Option<&str>,
        doc: Document<'_>,
        masker: &mut M,
    ) -> Result<(), StreamError> {
        let plan = Plan::read(doc, named, &mut self.items);
        let framing = self.cutter.framing();
        self.record.upstream_error |= plan.error;
        if let Some(usage) = Usage::find(doc) {
            self.record.usage.get_or_insert_default().update(usage);
        }
        self.begin_calls(&plan, masker);
        let inspected = self.record.bytes_inspected;
        let listed = self.record.uninspected.len();

        let mut visitor = Visitor {
            masker,
            plan: &plan,
            channels: &mut self.channels,
            record: &mut self.record,
            options: &self.options,
            pieces: Vec::new(),
            silent: Vec::new(),
            fills: Vec::new(),
            closes: Vec::new(),
            moved: &mut self.moved,
            overflow: false,
            piece_bytes: 0,
        };
        let manner = Manner { answer: true, event: true, ..Manner::of(self.shape) };
        let edits = walk(doc, manner, &mut visitor);
        let Visitor { pieces, silent, fills, closes, overflow, piece_bytes, .. } = visitor;
        self.skeleton.clear();
        if overflow {
            return Err(StreamError::TooManyChannels);
        }

        // Names end with the first event of their choice that does not continue them (an empty piece does, unless
        // arguments come with it); other texts where the plan says.
        let spoken = |place: &str| pieces.iter().any(|(range, piece)| range.len() > 2 && piece == place);
        let continued = |place: &str| {
            spoken(place)
                || silent.iter().any(|name| name == place)
                    && !place.strip_suffix("name").is_some_and(|stem| spoken(&format!("{stem}arguments")))
        };
        self.flush(masker, |place, channel| {
            plan.ends(channel.group)
                || (channel.is_name
                    && channel.group.major.is_some_and(|choice| plan.choices.contains(&choice))
                    && !continued(place))
        });
        match framing {
            Framing::Events => render::block(block, lines, Some((doc.text, &edits)), &mut self.outbox),
            Framing::Lines => render::line(doc.text, &edits, &mut self.outbox),
        }
        for (name, text) in fills {
            self.outbox.fill(&name, &text);
        }
        for name in closes {
            self.outbox.close(&name);
        }
        if self.outbox.waiting() > self.options.max_event.saturating_mul(4) {
            return Err(StreamError::EventTooLarge);
        }
        if plan.family == Family::Chat {
            if !self.channels.is_empty() {
                render::envelope(doc, &edits, &mut self.envelope);
            }
        } else if plan.family != Family::Messages {
            for (range, place) in &pieces {
                if let Some(channel) = self.channels.get_mut(place)
                    && channel.may_hold()
                {
                    let frame = render::Frame { framing, named, end: &self.end };
                    channel.template = Some(render::template(doc.text, &edits, &pieces, range, frame));
                }
            }
            let kept: usize =
                self.channels.values().filter_map(|c| c.template.as_ref()).map(Template::len).sum();
            if kept > self.options.max_event.saturating_mul(32) {
                return Err(StreamError::TooManyChannels);
            }
        }
        if plan.error {
            // The upstream gave up: what is held may be the head of a value whose tail never comes.
            self.abandon(masker);
        }
        // Only where nothing but one text can have changed anything: no other edit, no end, no name under way.
        if let [(range, place)] = pieces.as_slice()
            && matches!(plan.family, Family::Chat | Family::Messages)
            && plan.is_plain()
            && silent.is_empty()
            && edits.iter().all(|edit| edit.range == *range)
            && lines.iter().all(Option::is_none)
            && listed == self.record.uninspected.len()
            && self.outbox.is_settled()
            && self.channels.values().all(|channel| !channel.is_name)
            && let Some(at) = data_at(block)
        {
            let others = self.record.bytes_inspected - inspected - piece_bytes;
            self.skeleton.keep(&block.raw, at + range.start..at + range.end, place, others);
        }
        self.record.done |= plan.mark == Mark::Last;
        self.part_ended |= plan.mark == Mark::Part;
        self.record.events += 1;
        Ok(())
    }

    /// A tool call that states another id than before at the same place is another call.
    fn begin_calls(&mut self, plan: &Plan, masker: &mut M) {
        for (prefix, id) in &plan.calls {
            if self.calls.get(prefix).is_some_and(|before| before != id) {
                self.flush(masker, |place, _| place.starts_with(prefix.as_str()));
            }
            if self.calls.len() < self.options.max_channels {
                self.calls.insert(prefix.clone(), id.clone());
            }
        }
    }

    /// Ends the channels that `which` picks and sends what they held.
    fn flush(&mut self, masker: &mut M, which: impl Fn(&str, &Channel<M::Text>) -> bool) {
        let places: Vec<String> = self
            .channels
            .iter()
            .filter(|(place, channel)| which(place, channel))
            .map(|(place, _)| place.clone())
            .collect();
        for place in places {
            let Some(mut channel) = self.channels.remove(&place) else {
                continue;
            };
            let (slot, is_name, family, group) =
                (channel.slot, channel.is_name, channel.family, channel.group);
            let template = channel.template.take();
            let rest = channel.finish(&place, masker);
            self.record.add(slot, &rest, self.options.max_text);
            self.record.end(slot);
            if is_name {
                self.outbox.fill(&place, &rest);
                self.outbox.close(&place);
            } else if rest.is_empty() {
            } else if family == Family::Chat {
                let frame = render::Frame { framing: self.cutter.framing(), named: None, end: &self.end };
                self.outbox.bytes(render::chat(&self.envelope, &place, &rest, frame).as_bytes());
            } else if family == Family::Messages {
                let field = place.rsplit('.').next().unwrap_or_default();
                let event = render::block_delta(group.major.unwrap_or(0), field, &rest, &self.end);
                self.outbox.bytes(event.as_bytes());
            } else if let Some(template) = template {
                let mut token = String::new();
                crate::json::write_string(&rest, &mut token);
                self.outbox.bytes(&template.head);
                self.outbox.bytes(token.as_bytes());
                self.outbox.bytes(&template.tail);
            }
        }
    }
}

/// Where the data begins in an event of one data line.
fn data_at(block: &Block) -> Option<usize> {
    let mut lines = block.lines.iter().filter(|range| block.line(range).name == b"data");
    let line = lines.next().filter(|_| lines.next().is_none())?;
    Some(line.end - block.line(line).value.len())
}

/// Masks a comment or field line. `None` means unchanged.
fn mask_line<M: Masker>(line: &str, masker: &mut M) -> Option<String> {
    let (name, value) = line.split_once(':').unwrap_or((line, ""));
    let place = match name {
        "" => "sse.comment",
        "event" => "sse.event",
        "id" => "sse.id",
        "retry" => "sse.retry",
        _ => return masker.whole("sse.line", Passage::Response, line).map(|masked| one_line(&masked)),
    };
    let value = value.strip_prefix(' ').unwrap_or(value);
    let masked = masker.whole(place, Passage::Response, value)?;
    Some(format!("{name}: {}", one_line(&masked)))
}

fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}
