// Four neighbouring channels of a cached key or value, as a query sees them for which tokens before `coded` are coded.

fn key_quad(kv_head: u32, position: u32, quad: u32, coded: u32) -> vec4f {
  if (position < SINKS || position >= coded) {
    return recent_quad(recent_row(kv_head, position) + quad * 2u);
  }
  let token = position - SINKS;
  let scale = key_scale(kv_head, token, quad * 4u);
  let a = unpack2x16float(scales[scale]);
  let b = unpack2x16float(scales[scale + 1u]);
  let c = unpack2x16float(scales[scale + 2u]);
  let d = unpack2x16float(scales[scale + 3u]);
  let quad_codes = unpack_${KEY_BITS}(key_codes(kv_head, token, quad / 8u), quad % 8u);
  return vec4f(a.x, b.x, c.x, d.x) + vec4f(a.y, b.y, c.y, d.y) * four_floats(quad_codes);
}

fn value_quad(kv_head: u32, position: u32, quad: u32, coded: u32) -> vec4f {
  if (position < SINKS || position >= coded) {
    return recent_quad(RECENT_VALUES + recent_row(kv_head, position) + quad * 2u);
  }
  let token = position - SINKS;
  let scale = unpack2x16float(scales[value_scale(kv_head, token, quad * 4u)]);
  let quad_codes = unpack_${VALUE_BITS}(value_codes(kv_head, token, quad / 8u), quad % 8u);
  return scale.x + scale.y * four_floats(quad_codes);
}

fn recent_quad(word: u32) -> vec4f {
  return vec4f(unpack2x16float(recent[word]), unpack2x16float(recent[word + 1u]));
}

fn four_floats(word: u32) -> vec4f {
  return vec4f(vec4u(word, word >> 8u, word >> 16u, word >> 24u) & vec4u(0xffu));
}

/// Codes 4i .. 4i+3 of a group at a width, one a byte.
fn unpack_8(first: u32, i: u32) -> u32 {
  return codes[first + i];
}

fn unpack_4(first: u32, i: u32) -> u32 {
  return (codes[first + (i >> 1u)] >> ((i & 1u) << 2u)) & 0x0f0f0f0fu;
}

fn unpack_3(first: u32, i: u32) -> u32 {
  let pairs = (codes[first + (i >> 2u)] >> ((i & 3u) << 1u)) & 0x03030303u;
  return (pairs << 1u) | ((codes[first + 2u] >> i) & 0x01010101u);
}

fn unpack_2(first: u32, i: u32) -> u32 {
  return (codes[first + (i >> 2u)] >> ((i & 3u) << 1u)) & 0x03030303u;
}
