// The quantized cache of one layer, by the rule of docs/kv-cache.md; put before every shader that reads or writes one.
//
//   recent   float16, two a word: keys, then values; for every head the sinks, then a ring of the places that follow them
//   codes    keys, then values: for every head and token its channels in groups of 32, packed as docs/codec.md says
//   scales   base and step of float16 in a word: for every head, block and channel of keys; then for every head, token and
//            VALUE_GROUP channels of values

const SINKS = 4u;
const BLOCK = 32u;
const VALUE_GROUP = 64u;
const HEAD_DIM = ${HEAD_DIM}u;
const KV_HEADS = ${KV_HEADS}u;
/// Sinks and places of the ring.
const SLOTS = ${SLOTS}u;
const CODED_TOKENS = ${CODED_TOKENS}u;
const ROW_WORDS = ${HEAD_DIM / 2}u;
const GROUPS = ${(HEAD_DIM + 31) / 32}u;
const VALUE_GROUPS = ${(HEAD_DIM + 63) / 64}u;
const RECENT_VALUES = KV_HEADS * SLOTS * ROW_WORDS;
const VALUE_CODES = KV_HEADS * CODED_TOKENS * GROUPS * ${KEY_BITS}u;
const VALUE_SCALES = KV_HEADS * (CODED_TOKENS / BLOCK) * HEAD_DIM;

/// End of the tokens that a query sees coded when it sees so many tokens, itself among them.
fn coded_end(seen: u32) -> u32 {
  let old = select(0u, seen - ${WINDOW}u - SINKS, seen > ${WINDOW}u + SINKS);
  return SINKS + old / BLOCK * BLOCK;
}

/// First word of a head's key among those kept as they were; its value's is RECENT_VALUES further on.
fn recent_row(kv_head: u32, position: u32) -> u32 {
  let slot = select(SINKS + (position - SINKS) % (SLOTS - SINKS), position, position < SINKS);
  return (kv_head * SLOTS + slot) * ROW_WORDS;
}

/// First word of a group of a head's key; `token` counts from the sinks on.
fn key_codes(kv_head: u32, token: u32, group: u32) -> u32 {
  return ((kv_head * CODED_TOKENS + token) * GROUPS + group) * ${KEY_BITS}u;
}

fn value_codes(kv_head: u32, token: u32, group: u32) -> u32 {
  return VALUE_CODES + ((kv_head * CODED_TOKENS + token) * GROUPS + group) * ${VALUE_BITS}u;
}

fn key_scale(kv_head: u32, token: u32, channel: u32) -> u32 {
  return (kv_head * (CODED_TOKENS / BLOCK) + token / BLOCK) * HEAD_DIM + channel;
}

fn value_scale(kv_head: u32, token: u32, channel: u32) -> u32 {
  return VALUE_SCALES + (kv_head * CODED_TOKENS + token) * VALUE_GROUPS + channel / VALUE_GROUP;
}
