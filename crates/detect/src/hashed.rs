//! Values by 32-bit hash, in a table of 2^`BITS` slots with open addressing. It never grows and forgets nothing.

/// Never holds hash 0, which marks an empty slot.
#[derive(Debug)]
pub struct Hashed<V, const BITS: u32> {
    slots: Box<[(u32, V)]>,
    used: usize,
}

impl<V: Copy + Default, const BITS: u32> Hashed<V, BITS> {
    pub fn new() -> Self {
        Self { slots: vec![(0, V::default()); 1 << BITS].into(), used: 0 }
    }

    #[inline]
    const fn slot(hash: u32) -> usize {
        (hash.wrapping_mul(0x9E37_79B1) >> (32 - BITS)) as usize
    }

    /// The value of `hash`, which is `fresh` if it had none.
    pub fn entry(&mut self, hash: u32, fresh: V) -> &mut V {
        let mut at = Self::slot(hash);
        while self.slots[at].0 != 0 && self.slots[at].0 != hash {
            at = (at + 1) % (1 << BITS);
        }
        if self.slots[at].0 == 0 {
            self.slots[at] = (hash, fresh);
            self.used += 1;
            debug_assert!(self.used * 3 < self.slots.len(), "the table is too full");
        }
        &mut self.slots[at].1
    }

    #[inline]
    pub fn get(&self, hash: u32) -> Option<V> {
        let mut at = Self::slot(hash);
        loop {
            match self.slots[at] {
                (0, _) => return None,
                (known, value) if known == hash => return Some(value),
                _ => at = (at + 1) % (1 << BITS),
            }
        }
    }
}
