//! SHA-256 (FIPS 180-4) and Keccak-256 as Ethereum uses it, of short texts that fit one or two blocks.

const fn prime(number: usize) -> u64 {
    let mut candidate = 2;
    let mut left = number;
    loop {
        let mut divisor = 2;
        while divisor * divisor <= candidate && candidate % divisor != 0 {
            divisor += 1;
        }
        if divisor * divisor > candidate {
            if left == 0 {
                return candidate;
            }
            left -= 1;
        }
        candidate += 1;
    }
}

/// The first 32 bits of the fraction of the `power`th root.
const fn root(of: u64, power: u32) -> u32 {
    // The largest r with r^power <= of * 2^(32 * power).
    let (mut low, mut high) = (0_u128, 1_u128 << 37);
    while high - low > 1 {
        let middle = u128::midpoint(low, high);
        // At most 2^37 cubed, and 311 times 2^96: no overflow.
        let small = if power == 2 {
            middle * middle <= (of as u128) << 64
        } else {
            middle * middle * middle <= (of as u128) << 96
        };
        if small {
            low = middle;
        } else {
            high = middle;
        }
    }
    low as u32
}

const ROUNDS: [u32; 64] = {
    let mut all = [0; 64];
    let mut i = 0;
    while i < 64 {
        all[i] = root(prime(i), 3);
        i += 1;
    }
    all
};

const START: [u32; 8] = {
    let mut all = [0; 8];
    let mut i = 0;
    while i < 8 {
        all[i] = root(prime(i), 2);
        i += 1;
    }
    all
};

/// Of at most 55 bytes: one block.
pub fn sha256(text: &[u8]) -> [u8; 32] {
    debug_assert!(text.len() < 56);
    let mut block = [0_u8; 64];
    block[..text.len()].copy_from_slice(text);
    block[text.len()] = 0x80;
    block[56..].copy_from_slice(&(text.len() as u64 * 8).to_be_bytes());
    let mut words = [0_u32; 64];
    for (word, bytes) in words.iter_mut().zip(block.chunks_exact(4)) {
        *word = bytes.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte));
    }
    for i in 16..64 {
        let (a, b) = (words[i - 15], words[i - 2]);
        let small = a.rotate_right(7) ^ a.rotate_right(18) ^ a >> 3;
        let large = b.rotate_right(17) ^ b.rotate_right(19) ^ b >> 10;
        words[i] = words[i - 16].wrapping_add(small).wrapping_add(words[i - 7]).wrapping_add(large);
    }
    let mut state = START;
    for (word, round) in words.iter().zip(ROUNDS) {
        let [.., last] = state;
        let (first, fifth) = (state[0], state[4]);
        let one = last
            .wrapping_add(fifth.rotate_right(6) ^ fifth.rotate_right(11) ^ fifth.rotate_right(25))
            .wrapping_add((fifth & state[5]) ^ (!fifth & state[6]))
            .wrapping_add(round)
            .wrapping_add(*word);
        let two = (first.rotate_right(2) ^ first.rotate_right(13) ^ first.rotate_right(22))
            .wrapping_add((first & state[1]) ^ (first & state[2]) ^ (state[1] & state[2]));
        state.copy_within(0..7, 1);
        state[0] = one.wrapping_add(two);
        state[4] = state[4].wrapping_add(one);
    }
    let mut out = [0; 32];
    for (bytes, (word, start)) in out.chunks_exact_mut(4).zip(state.into_iter().zip(START)) {
        bytes.copy_from_slice(&word.wrapping_add(start).to_be_bytes());
    }
    out
}

/// Of at most 135 bytes: one block.
pub fn keccak(text: &[u8]) -> [u8; 32] {
    debug_assert!(text.len() < 136);
    let mut block = [0_u8; 136];
    block[..text.len()].copy_from_slice(text);
    block[text.len()] = 1;
    block[135] |= 0x80;
    let mut lanes = [0_u64; 25];
    for (lane, bytes) in lanes.iter_mut().zip(block.chunks_exact(8)) {
        *lane = bytes.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    }
    let mut register = 1_u8;
    for _ in 0..24 {
        round(&mut lanes, &mut register);
    }
    let mut out = [0; 32];
    for (bytes, lane) in out.chunks_exact_mut(8).zip(lanes) {
        bytes.copy_from_slice(&lane.to_le_bytes());
    }
    out
}

fn round(lanes: &mut [u64; 25], register: &mut u8) {
    let columns: [u64; 5] = std::array::from_fn(|x| (0..5).fold(0, |sum, y| sum ^ lanes[x + 5 * y]));
    for (place, lane) in lanes.iter_mut().enumerate() {
        *lane ^= columns[(place + 4) % 5] ^ columns[(place + 1) % 5].rotate_left(1);
    }
    let (mut x, mut y) = (1, 0);
    let mut carried = lanes[1];
    for t in 1..=24_u32 {
        (x, y) = (y, (2 * x + 3 * y) % 5);
        std::mem::swap(&mut lanes[x + 5 * y], &mut carried);
        lanes[x + 5 * y] = lanes[x + 5 * y].rotate_left(t * (t + 1) / 2 % 64);
    }
    for row in lanes.chunks_exact_mut(5) {
        let before: [u64; 5] = std::array::from_fn(|x| row[x]);
        for x in 0..5 {
            row[x] = before[x] ^ (!before[(x + 1) % 5] & before[(x + 2) % 5]);
        }
    }
    for bit in 0..7 {
        lanes[0] ^= u64::from(*register & 1) << ((1 << bit) - 1);
        *register = *register << 1 ^ if *register & 0x80 != 0 { 0x71 } else { 0 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        use std::fmt::Write;
        bytes.iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    #[test]
    fn hashes_are_those_of_the_standards() {
        assert_eq!(hex(&sha256(b"abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(hex(&keccak(b"")), "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
    }
}
