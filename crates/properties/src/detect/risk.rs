//! Risk signals.

use countersign_detect::risk::{Role, Watch, assess};

use super::prose::prose;
use crate::input::{Input, pieces};

/// Head: a role, how often the text is repeated, sizes, prose. In every cutting the same signals, within the text.
pub fn risk(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let role = input.choose(&Role::ALL);
    let times = [1, 1, 1, 2, 16, 64][input.below(6)];
    let sizes = input.sizes();
    let mut text = prose(input);
    text.truncate(text.floor_char_boundary(2_000));
    let text = text.repeat(times);
    let whole = assess(&text, role);
    let mut watch = Watch::default();
    for piece in pieces(&text, &sizes) {
        watch.push(piece);
    }
    assert_eq!(watch.finish().signals(role), whole, "{text:?} in {sizes:?}");
    for signal in whole {
        assert!((0.0..=1.0).contains(&signal.score), "{text:?} {signal:?}");
        let value = text.get(signal.start..signal.end);
        assert!(value.is_some_and(|value| !value.is_empty()), "{text:?} {signal:?}");
    }
}
