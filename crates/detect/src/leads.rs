//! Which prefixes may stand at a place, by its first three bytes: one look into a table, however many there are.

use crate::probe::{Need, Probe};

const BUCKETS: usize = 1024;

#[derive(Debug)]
pub struct Leads {
    /// Whether some prefix begins with the byte.
    first: [bool; 256],
    /// Numbers of rules by bucket: those of bucket `b` are `order[from[b]..from[b + 1]]`.
    from: Box<[u16]>,
    order: Vec<u16>,
}

fn bucket(first: u8, second: u8, third: u8) -> usize {
    let sum = u32::from(first) << 16 | u32::from(second) << 8 | u32::from(third);
    (sum.wrapping_mul(0x9E37_79B1) >> 22) as usize
}

impl Leads {
    /// Rules in their order; those without a prefix are `None`. A prefix has three bytes at least.
    pub fn new(leads: impl Iterator<Item = Option<&'static [u8]>>) -> Self {
        let mut first = [false; 256];
        let mut buckets = vec![Vec::new(); BUCKETS];
        for (number, lead) in leads.enumerate() {
            if let Some([one, two, three, ..]) = lead {
                first[usize::from(*one)] = true;
                buckets[bucket(*one, *two, *three)].push(number as u16);
            }
        }
        let mut from = vec![0];
        let mut order = Vec::new();
        for bucket in buckets {
            order.extend(bucket);
            from.push(order.len() as u16);
        }
        Self { first, from: from.into(), order }
    }

    /// Whether some prefix begins with `byte`.
    pub fn begins_with(&self, byte: u8) -> bool {
        self.first[usize::from(byte)]
    }

    /// The rules whose prefix may stand at the start.
    #[inline]
    pub fn at(&self, probe: &Probe<'_>) -> Result<&[u16], Need> {
        let first = probe.get(0)?;
        if !self.first[usize::from(first)] {
            return Ok(&[]);
        }
        let bucket = bucket(first, probe.get(1)?, probe.get(2)?);
        Ok(&self.order[usize::from(self.from[bucket])..usize::from(self.from[bucket + 1])])
    }
}
