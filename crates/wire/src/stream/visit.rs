//! What happens to each string of one event.

use std::{collections::BTreeMap, ops::Range};

use countersign_model::action::Passage;

use super::{
    Options, StreamRecord,
    channel::Channel,
    dialect::{Family, Plan, Role, choice_of},
};
use crate::{
    Masker, arguments,
    media::media_at,
    names::{holds_json, is_finish_reason},
    walk::{Leaf, Put, Visit},
};

/// Most growing strings in one event of a shape that is not understood. An event with more is a listing.
const MAX_PIECES: usize = 16;

/// Where an event names its model.
const MODELS: [&str; 3] = ["model", "message.model", "response.model"];

/// Walks one event with the stream's channels at hand.
pub(super) struct Visitor<'a, M: Masker> {
    pub masker: &'a mut M,
    pub plan: &'a Plan,
    pub channels: &'a mut BTreeMap<String, Channel<M::Text>>,
    pub record: &'a mut StreamRecord,
    pub options: &'a Options,
    /// Strings that are pieces, and their channels.
    pub pieces: Vec<(Range<usize>, String)>,
    /// Tools' names that are stated, but empty.
    pub silent: Vec<String>,
    /// What to put into holes once the event is in the outbox.
    pub fills: Vec<(String, String)>,
    /// Holes to close then.
    pub closes: Vec<String>,
    /// Some text of the stream has changed.
    pub moved: &'a mut bool,
    /// Bytes of the pieces, decoded.
    pub piece_bytes: u64,
    /// There were too many channels.
    pub overflow: bool,
}

impl<M: Masker> Visitor<'_, M> {
    fn piece(&mut self, role: Role, leaf: &Leaf<'_>) -> Put {
        let name = self.plan.channel(leaf).into_owned();
        let known = self.channels.contains_key(&name);
        if role == Role::Name && leaf.text.is_empty() {
            self.silent.push(name);
            return Put::Keep;
        }
        if !leaf.text.is_empty() && self.record.first_text_event.is_none() {
            self.record.first_text_event = Some(self.record.events);
        }
        self.record.bytes_inspected += leaf.text.len() as u64;
        self.piece_bytes += leaf.text.len() as u64;
        self.pieces.push((leaf.range.clone(), name.clone()));
        let group = self.plan.group(leaf.place);
        if !known {
            if self.channels.len() >= self.options.max_channels {
                self.overflow = true;
                return Put::Text(String::new());
            }
            let family = self.plan.family;
            let choice = group.major.filter(|_| family == Family::Chat);
            let Some(slot) = self.record.slot(&name, choice, self.options.max_channels) else {
                // Nothing passes that is not on record.
                self.overflow = true;
                return Put::Text(String::new());
            };
            // A free-form tool's input is no JSON, and the event names it by its type alone.
            let passage =
                if name.contains("tool_call_input") { Passage::ToolArguments } else { leaf.passage };
            let channel = Channel::open(role, (&name, passage), family, group, slot, self.masker);
            self.channels.insert(name.clone(), channel);
        }
        let Some(channel) = self.channels.get_mut(&name) else {
            return Put::Text(String::new());
        };
        let slot = channel.slot;
        let mut released = channel.push(leaf.text, self.masker);
        *self.moved |= channel.has_moved;
        let ended = self.plan.ends(group);
        if ended && let Some(channel) = self.channels.remove(&name) {
            released.push_str(&channel.finish(&name, self.masker));
        }
        self.record.add(slot, &released, self.options.max_text);
        if ended {
            self.record.end(slot);
        }
        if role == Role::Name {
            self.fills.push((name.clone(), released));
            if ended {
                self.closes.push(name.clone());
            }
            return if known { Put::Text(String::new()) } else { Put::Hole(name) };
        }
        if released == leaf.text { Put::Keep } else { Put::Text(released) }
    }

    fn whole(&mut self, leaf: &Leaf<'_>) -> Put {
        self.record.bytes_inspected += leaf.text.len() as u64;
        let masked = if holds_json(leaf.key) {
            arguments::mask(leaf.place, leaf.passage, leaf.text, self.masker)
        } else {
            self.masker.whole(leaf.place, leaf.passage, leaf.text)
        };
        let shown = masked.as_deref().unwrap_or(leaf.text);
        if leaf.key == "model" && self.record.model.is_none() && MODELS.contains(&leaf.place) {
            self.record.model = Some(shown.to_owned());
        } else if is_finish_reason(leaf.key) && !shown.is_empty() {
            self.record.finished(choice_of(leaf.place).unwrap_or(0), shown);
        }
        masked.map_or(Put::Keep, Put::Text)
    }
}

impl<M: Masker> Visit for Visitor<'_, M> {
    fn string(&mut self, leaf: Leaf<'_>) -> Put {
        if let Some(found) = media_at(&leaf) {
            self.record.media(found.media);
            if found.is_opaque {
                return Put::Keep;
            }
        }
        match self.plan.role(&leaf) {
            Role::Whole => self.whole(&leaf),
            _ if self.plan.family == Family::Other && self.pieces.len() >= MAX_PIECES => self.whole(&leaf),
            role => self.piece(role, &leaf),
        }
    }

    fn has_moved(&self) -> bool {
        *self.moved
    }

    fn other(&mut self, place: &str, passage: Passage, text: &str) -> Option<String> {
        self.record.bytes_inspected += text.len() as u64;
        self.masker.whole(place, passage, text)
    }
}
