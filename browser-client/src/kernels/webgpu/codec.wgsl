// The packed layouts of docs/codec.md; put before every shader that reads a packed tensor from `codes`.

/// Width of a weight in the layout: 2, 3, 4 or 8 bits.
override LAYOUT: u32;

/// Words of one group of 32 weights.
fn group_words() -> u32 {
  return LAYOUT;
}

/// Codes 4i .. 4i+3 of the group whose words start at `first`, one a byte.
fn packed_quad(first: u32, i: u32) -> u32 {
  if (LAYOUT == 8u) {
    return codes[first + i];
  }
  if (LAYOUT == 4u) {
    return (codes[first + (i >> 1u)] >> ((i & 1u) << 2u)) & 0x0f0f0f0fu;
  }
  let pair = (codes[first + (i >> 2u)] >> ((i & 3u) << 1u)) & 0x03030303u;
  if (LAYOUT == 2u) {
    return pair;
  }
  return (pair << 1u) | ((codes[first + 2u] >> i) & 0x01010101u);
}

/// The four bytes of a word as floats.
fn four_floats(word: u32) -> vec4f {
  return vec4f(vec4u(word, word >> 8u, word >> 16u, word >> 24u) & vec4u(0xffu));
}
