// As `rope-store.wgsl`, for up to 32 rows of a step and a quantized cache: rotates queries in place, puts rotated keys and
// values among the recent ones, and codes the block of tokens that these rows are the first to see coded, where there is
// one: a workgroup a head. No row here is in that block, or the caller lets the two parts follow each other.

struct Step {
  position: u32,
  count: u32,
}

struct Call {
  heads: u32,
  /// Positions that the rotation knows.
  capacity: u32,
  /// Floats between neighbouring rows of queries, and of keys and values.
  query_stride: u32,
  key_stride: u32,
  /// The rows of the step that are meant.
  first_row: u32,
  rows: u32,
  /// Workgroups that rotate and store; those behind them code.
  storing: u32,
}

@group(0) @binding(0) var<uniform> step_info: Step;
@group(0) @binding(1) var<uniform> call: Call;
@group(0) @binding(2) var<storage, read_write> query: array<f32>;
@group(0) @binding(3) var<storage, read> key: array<f32>;
@group(0) @binding(4) var<storage, read> value: array<f32>;
/// Cosines, then sines: two blocks of capacity x HEAD_DIM / 2.
@group(0) @binding(5) var<storage, read> rotation: array<f32>;
@group(0) @binding(6) var<storage, read_write> recent: array<u32>;
@group(0) @binding(7) var<storage, read_write> codes: array<u32>;
@group(0) @binding(8) var<storage, read_write> scales: array<u32>;

const THREADS = 64u;
const HALF_DIM = ${HEAD_DIM / 2}u;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) thread: u32) {
  if (workgroup.x >= call.storing) {
    if (workgroup.y == 0u) {
      code_block(workgroup.x - call.storing, thread);
    }
    return;
  }
  let row = call.first_row + workgroup.y;
  let at = workgroup.x * THREADS + thread;
  let queries = call.heads * HALF_DIM;
  let words = KV_HEADS * ROW_WORDS;
  if (at < queries) {
    rotate_query(row, at / HALF_DIM, at % HALF_DIM);
  } else if (at < queries + words / 2u) {
    store_key(row, (at - queries) / (ROW_WORDS / 2u), (at - queries) % (ROW_WORDS / 2u));
  } else if (at < queries + words / 2u + words) {
    let word = at - queries - words / 2u;
    let source = row * call.key_stride + word * 2u;
    let target_word = RECENT_VALUES + recent_row(word / ROW_WORDS, step_info.position + row) + word % ROW_WORDS;
    recent[target_word] = pack_halves(vec2f(value[source], value[source + 1u]));
  }
}

fn rotate_query(row: u32, head: u32, i: u32) {
  let first = row * call.query_stride + head * HEAD_DIM + i;
  let turned = turn(vec2f(query[first], query[first + HALF_DIM]), step_info.position + row, i);
  query[first] = turned.x;
  query[first + HALF_DIM] = turned.y;
}

/// Channels 2i and 2i+1 of both halves.
fn store_key(row: u32, kv_head: u32, i: u32) {
  let position = step_info.position + row;
  let first = row * call.key_stride + kv_head * HEAD_DIM + i * 2u;
  let one = turn(vec2f(key[first], key[first + HALF_DIM]), position, i * 2u);
  let other = turn(vec2f(key[first + 1u], key[first + HALF_DIM + 1u]), position, i * 2u + 1u);
  let word = recent_row(kv_head, position) + i;
  recent[word] = pack_halves(vec2f(one.x, other.x));
  recent[word + ROW_WORDS / 2u] = pack_halves(vec2f(one.y, other.y));
}

fn turn(pair: vec2f, position: u32, i: u32) -> vec2f {
  let c = rotation[position * HALF_DIM + i];
  let s = rotation[(call.capacity + position) * HALF_DIM + i];
  return vec2f(pair.x * c - pair.y * s, pair.y * c + pair.x * s);
}

/// Codes a head's block, if there is one to code.
fn code_block(kv_head: u32, thread: u32) {
  let before = step_info.position + call.first_row;
  let first = coded_end(before);
  if (coded_end(before + min(call.rows, step_info.count - call.first_row)) <= first) {
    return;
  }
  for (var channel = thread; channel < HEAD_DIM; channel += THREADS) {
    scale_key(kv_head, first, channel);
  }
  storageBarrier();
  for (var i = thread; i < BLOCK * GROUPS; i += THREADS) {
    code_key(kv_head, first + i / GROUPS, i % GROUPS);
  }
  for (var i = thread; i < BLOCK * VALUE_GROUPS; i += THREADS) {
    code_value(kv_head, first + i / VALUE_GROUPS, i % VALUE_GROUPS);
  }
}

fn scale_key(kv_head: u32, first: u32, channel: u32) {
  var least = 3.4e38;
  var greatest = -3.4e38;
  for (var position = first; position < first + BLOCK; position++) {
    let number = recent_number(recent_row(kv_head, position), channel);
    least = min(least, number);
    greatest = max(greatest, number);
  }
  scales[key_scale(kv_head, first - SINKS, channel)] = scale_of(least, greatest, ${KEY_MOST}.0);
}

fn code_key(kv_head: u32, position: u32, group: u32) {
  let row = recent_row(kv_head, position);
  let token = position - SINKS;
  var words = array<u32, ${KEY_BITS}>();
  for (var i = 0u; i < min(32u, HEAD_DIM - group * 32u); i++) {
    let channel = group * 32u + i;
    let scale = unpack2x16float(scales[key_scale(kv_head, token, channel)]);
    let code = code_of(recent_number(row, channel), scale, ${KEY_MOST}.0);
#for w in KEY_BITS
    words[${w}] |= word_part_${KEY_BITS}(code, i, ${w}u);
#endfor
  }
#for w in KEY_BITS
  codes[key_codes(kv_head, token, group) + ${w}u] = words[${w}];
#endfor
}

/// Scales and codes up to 64 channels of a token.
fn code_value(kv_head: u32, position: u32, value_group: u32) {
  let row = RECENT_VALUES + recent_row(kv_head, position);
  let token = position - SINKS;
  let begin = value_group * VALUE_GROUP;
  let end = min(begin + VALUE_GROUP, HEAD_DIM);
  var least = 3.4e38;
  var greatest = -3.4e38;
  for (var channel = begin; channel < end; channel++) {
    let number = recent_number(row, channel);
    least = min(least, number);
    greatest = max(greatest, number);
  }
  let packed = scale_of(least, greatest, ${VALUE_MOST}.0);
  scales[value_scale(kv_head, token, begin)] = packed;
  for (var first = begin; first < end; first += 32u) {
    pack_value(kv_head, position, first, min(32u, end - first), unpack2x16float(packed));
  }
}

/// Codes up to 32 channels of a token.
fn pack_value(kv_head: u32, position: u32, first: u32, count: u32, scale: vec2f) {
  let row = RECENT_VALUES + recent_row(kv_head, position);
  var words = array<u32, ${VALUE_BITS}>();
  for (var i = 0u; i < count; i++) {
    let code = code_of(recent_number(row, first + i), scale, ${VALUE_MOST}.0);
#for w in VALUE_BITS
    words[${w}] |= word_part_${VALUE_BITS}(code, i, ${w}u);
#endfor
  }
#for w in VALUE_BITS
  codes[value_codes(kv_head, position - SINKS, first / 32u) + ${w}u] = words[${w}];
#endfor
}

fn recent_number(row: u32, channel: u32) -> f32 {
  return unpack2x16float(recent[row + channel / 2u])[channel % 2u];
}

/// Base and step of codes from 0 to `most`.
fn scale_of(least: f32, greatest: f32, most: f32) -> u32 {
  let base = unpack2x16float(pack_halves(vec2f(least, 0.0))).x;
  return pack_halves(vec2f(least, (greatest - base) / most));
}

fn code_of(number: f32, scale: vec2f, most: f32) -> u32 {
  if (scale.y <= 0.0) {
    return 0u;
  }
  return u32(clamp(floor((number - scale.x) / scale.y + 0.5), 0.0, most));
}

fn pack_halves(pair: vec2f) -> u32 {
  return half_of(pair.x) | (half_of(pair.y) << 16u);
}

/// The nearest float16, ties to even, the largest for what is beyond it: devices' own conversions may round either way, and
/// one number in a few dozen would then take the code beside the right one.
fn half_of(number: f32) -> u32 {
  let sign = (bitcast<u32>(number) >> 16u) & 0x8000u;
  let size = min(bitcast<u32>(number) & 0x7fffffffu, 0x477fe000u);
  if (size >= 0x38800000u) {
    return sign | ((size + 0xfffu + ((size >> 13u) & 1u) - 0x38000000u) >> 13u);
  }
  // Half has the steps of the numbers below 2^-14 as its last bit, so the sum rounds as they do.
  return sign | (bitcast<u32>(bitcast<f32>(size) + 0.5) - 0x3f000000u);
}

/// What channel i of a group adds to a word of its codes, at a width.
fn word_part_8(code: u32, i: u32, word: u32) -> u32 {
  return select(0u, code << (8u * (i & 3u)), (i >> 2u) == word);
}

fn word_part_4(code: u32, i: u32, word: u32) -> u32 {
  return select(0u, code << (8u * (i & 3u) + (i & 4u)), (i >> 3u) == word);
}

fn word_part_3(code: u32, i: u32, word: u32) -> u32 {
  return select(word_part_2(code >> 1u, i, word), (code & 1u) << (8u * (i & 3u) + (i >> 2u)), word == 2u);
}

fn word_part_2(code: u32, i: u32, word: u32) -> u32 {
  return select(0u, code << (8u * (i & 3u) + 2u * ((i >> 2u) & 3u)), (i >> 4u) == word);
}
