// Draws a token from logits by temperature, top-k and top-p: what `sampler.ts` does, but without a sorted list. Each of its
// three choices is the shortest head, in the order of falling logits, whose sum reaches a goal: of counts for top-k, of
// weights for top-p and for the draw itself. A head's end is found eight bits at a time, by sums over tokens that share
// their next eight bits. Sums are 64-bit whole numbers, so that no order of adding them matters. Once few enough tokens are
// left that may be drawn they are put in a list, and nothing but the list is looked at. One workgroup does it all.

struct Step {
  position: u32,
  count: u32,
}

struct Call {
  /// Logits.
  count: u32,
  /// 0 keeps all.
  top_k: u32,
  /// In units of 2^-32; all ones keep all.
  top_p: u32,
  inverse_temperature: f32,
  seed: u32,
  /// Position of the answer's first token.
  origin: u32,
}

/// A head of the tokens in the order of falling logits, equals by index: up to a key, and an index among its equals.
struct Head {
  key: u32,
  index: u32,
}

/// What a search has found so far.
struct Search {
  head: Head,
  /// What the head still has to reach, 64 bits.
  goal: vec2u,
  /// Whether only one token is left.
  alone: u32,
  /// Candidates above those that agree with the head's key so far.
  above: u32,
  /// Candidates down to the last of those that agree with it; never less than may be drawn.
  left: u32,
  /// Tokens in the list; NONE while there is no list.
  listed: u32,
}

/// A token that may be drawn.
struct Token {
  key: u32,
  index: u32,
}

@group(0) @binding(0) var<uniform> step_info: Step;
@group(0) @binding(1) var<uniform> call: Call;
@group(0) @binding(2) var<storage, read> logits: array<f32>;
@group(0) @binding(3) var<storage, read_write> picked: array<u32>;

const NONE = 0xffffffffu;
const ALL = Head(0u, NONE);
/// The largest logit's weight.
const UNIT = 1073741824.0;
/// Four bytes of a key, and three of an index where keys are equal.
const KEY_LEVELS = 4u;
const LEVELS = 7u;
/// What a search sums up, and what it is to reach.
const TOP_K = 0u;
const TOP_P = 1u;
const DRAW = 2u;
/// Tokens that the list holds.
const LIST = 1024u;

var<workgroup> largest: array<f32, ${THREADS}>;
var<workgroup> broken: atomic<u32>;
var<workgroup> low_sums: array<atomic<u32>, 256>;
var<workgroup> high_sums: array<atomic<u32>, 256>;
var<workgroup> counts: array<atomic<u32>, 256>;
/// Sums of sixteen neighbours.
var<workgroup> coarse: array<vec2u, 16>;
var<workgroup> coarse_counts: array<u32, 16>;
var<workgroup> list: array<Token, LIST>;
var<workgroup> filled: atomic<u32>;
var<workgroup> search: Search;

@compute @workgroup_size(${THREADS})
fn main(@builtin(local_invocation_index) thread: u32) {
  let most = largest_logit(thread);
  if (thread == 0u) {
    search.left = call.count;
    search.listed = NONE;
  }
  var head = ALL;
  if (call.top_k > 0u && call.top_k < call.count) {
    head = shortest_head(thread, head, most, TOP_K);
  }
  if (call.top_p != NONE) {
    head = shortest_head(thread, head, most, TOP_P);
  }
  let drawn = shortest_head(thread, head, most, DRAW);
  let listed = workgroupUniformLoad(&search).listed;
  for (var i = thread; i < min(listed, call.count); i += ${THREADS}u) {
    let token = token_at(i, listed);
    // Where the index says nothing there is but one token of this key among the candidates.
    if (token.key == drawn.key && is_in(head, token) && (drawn.index == NONE || drawn.index == token.index)) {
      picked[0] = token.index;
    }
  }
  storageBarrier();
  if (thread == 0u && atomicLoad(&broken) != 0u) {
    picked[0] = NONE;
  }
}

/// Also notes whether there is a logit that is no finite number: by the bits, compilers may assume that floats are finite.
fn largest_logit(thread: u32) -> f32 {
  var most = -3.4e38;
  for (var i = thread; i < call.count; i += ${THREADS}u) {
    let logit = logits[i];
    if ((bitcast<u32>(logit) & 0x7fffffffu) >= 0x7f800000u) {
      atomicStore(&broken, 1u);
    }
    most = max(most, logit);
  }
  largest[thread] = most;
  workgroupBarrier();
  for (var stride = ${THREADS / 2}u; stride > 0u; stride /= 2u) {
    if (thread < stride) {
      largest[thread] = max(largest[thread], largest[thread + stride]);
    }
    workgroupBarrier();
  }
  return largest[0];
}

/// The shortest head of `candidates` that reaches what `what` asks for.
fn shortest_head(thread: u32, candidates: Head, most: f32, what: u32) -> Head {
  if (thread == 0u) {
    search = Search(Head(0u, 0u), vec2u(call.top_k, 0u), 0u, 0u, search.left, search.listed);
  }
  for (var level = 0u; level < LEVELS; level++) {
    let known = workgroupUniformLoad(&search);
    if (known.listed == NONE && known.left <= LIST) {
      make_list(thread, candidates, known.head.key);
    }
    let listed = workgroupUniformLoad(&search).listed;
    if (level == KEY_LEVELS && known.alone != 0u) {
      // Where an earlier choice has left out some of its equals they stay out.
      let bounded = what != DRAW && known.head.key == candidates.key;
      return Head(known.head.key, select(NONE, candidates.index, bounded));
    }
    for (var bin = thread; bin < 256u; bin += ${THREADS}u) {
      atomicStore(&low_sums[bin], 0u);
      atomicStore(&high_sums[bin], 0u);
      atomicStore(&counts[bin], 0u);
    }
    workgroupBarrier();
    for (var i = thread; i < min(listed, call.count); i += ${THREADS}u) {
      let token = token_at(i, listed);
      if (is_in(candidates, token) && goes_on(known.head, token, level)) {
        var amount = 1u;
        if (what != TOP_K) {
          amount = u32(exp((logit_of(token.key) - most) * call.inverse_temperature) * UNIT);
        }
        add(byte_of(token, level), amount);
      }
    }
    workgroupBarrier();
    if (thread < 16u) {
      coarse[thread] = sum_of_sixteen(thread * 16u);
      coarse_counts[thread] = count_of(thread * 16u, 16u);
    }
    workgroupBarrier();
    if (thread == 0u) {
      descend(level, what);
    }
  }
  return workgroupUniformLoad(&search).head;
}

/// Puts the candidates from a key on in the list: all that may still be drawn.
fn make_list(thread: u32, candidates: Head, lowest: u32) {
  for (var i = thread; i < call.count; i += ${THREADS}u) {
    let token = Token(key_of(logits[i]), i);
    if (token.key >= lowest && is_in(candidates, token)) {
      list[atomicAdd(&filled, 1u)] = token;
    }
  }
  workgroupBarrier();
  if (thread == 0u) {
    search.listed = atomicLoad(&filled);
  }
}

/// Token `i` of the list, or of all where there is none.
fn token_at(i: u32, listed: u32) -> Token {
  if (listed != NONE) {
    return list[i];
  }
  return Token(key_of(logits[i]), i);
}

/// Narrows the search to the bin in which the goal is reached; bins are in falling order.
fn descend(level: u32, what: u32) {
  if (level == 0u && what != TOP_K) {
    search.goal = goal_of(what);
  }
  var left = search.goal;
  var sixteen = 0u;
  while (sixteen < 15u && less(coarse[sixteen], left)) {
    left = minus(left, coarse[sixteen]);
    sixteen++;
  }
  var bin = sixteen * 16u;
  while (bin < sixteen * 16u + 15u && less(sum_of(bin), left)) {
    left = minus(left, sum_of(bin));
    bin++;
  }
  search.goal = left;
  if (level < KEY_LEVELS) {
    for (var i = 0u; i < sixteen; i++) {
      search.above += coarse_counts[i];
    }
    search.above += count_of(sixteen * 16u, bin - sixteen * 16u);
    search.left = search.above + atomicLoad(&counts[bin]);
  }
  search.alone = u32(atomicLoad(&counts[bin]) == 1u);
  if (level < KEY_LEVELS) {
    search.head.key |= (255u - bin) << (24u - level * 8u);
  } else {
    search.head.index |= bin << (48u - level * 8u);
  }
}

/// The weight that a head of all candidates' weight has to reach; their sum has been made by now.
fn goal_of(what: u32) -> vec2u {
  var total = vec2u(0u);
  for (var i = 0u; i < 16u; i++) {
    total = plus(total, coarse[i]);
  }
  if (what == TOP_P) {
    return part_of(total, call.top_p, true);
  }
  let index = step_info.position + step_info.count - call.origin;
  return plus(part_of(total, random(index), false), vec2u(1u, 0u));
}

/// Number `index` of the seed's sequence (mulberry32), in units of 2^-32.
fn random(index: u32) -> u32 {
  let state = call.seed + (index + 1u) * 0x6d2b79f5u;
  var t = (state ^ (state >> 15u)) * (1u | state);
  t = (t + (t ^ (t >> 7u)) * (61u | t)) ^ t;
  return t ^ (t >> 14u);
}

/// Falling logits have falling keys.
fn key_of(logit: f32) -> u32 {
  let bits = bitcast<u32>(logit);
  return select(bits | 0x80000000u, ~bits, (bits & 0x80000000u) != 0u);
}

/// The logit of a key.
fn logit_of(key: u32) -> f32 {
  return bitcast<f32>(select(~key, key & 0x7fffffffu, (key & 0x80000000u) != 0u));
}

fn is_in(head: Head, token: Token) -> bool {
  return token.key > head.key || (token.key == head.key && token.index <= head.index);
}

/// Whether a token agrees with all bytes found before this level.
fn goes_on(head: Head, token: Token, level: u32) -> bool {
  if (level == 0u) {
    return true;
  }
  if (level <= KEY_LEVELS) {
    let shift = 32u - level * 8u;
    return (token.key >> shift) == (head.key >> shift);
  }
  let shift = 56u - level * 8u;
  return token.key == head.key && (token.index >> shift) == (head.index >> shift);
}

/// The bin of a token: a large byte of a key first, a small one of an index.
fn byte_of(token: Token, level: u32) -> u32 {
  if (level < KEY_LEVELS) {
    return 255u - ((token.key >> (24u - level * 8u)) & 255u);
  }
  return (token.index >> (48u - level * 8u)) & 255u;
}

fn add(bin: u32, amount: u32) {
  let before = atomicAdd(&low_sums[bin], amount);
  if (before > NONE - amount) {
    atomicAdd(&high_sums[bin], 1u);
  }
  atomicAdd(&counts[bin], 1u);
}

fn sum_of(bin: u32) -> vec2u {
  return vec2u(atomicLoad(&low_sums[bin]), atomicLoad(&high_sums[bin]));
}

fn count_of(first: u32, bins: u32) -> u32 {
  var count = 0u;
  for (var i = 0u; i < bins; i++) {
    count += atomicLoad(&counts[first + i]);
  }
  return count;
}

fn sum_of_sixteen(first: u32) -> vec2u {
  var sum = vec2u(0u);
  for (var i = 0u; i < 16u; i++) {
    sum = plus(sum, sum_of(first + i));
  }
  return sum;
}

fn plus(a: vec2u, b: vec2u) -> vec2u {
  let low = a.x + b.x;
  return vec2u(low, a.y + b.y + u32(low < a.x));
}

fn minus(a: vec2u, b: vec2u) -> vec2u {
  return vec2u(a.x - b.x, a.y - b.y - u32(a.x < b.x));
}

fn less(a: vec2u, b: vec2u) -> bool {
  return a.y < b.y || (a.y == b.y && a.x < b.x);
}

/// total * fraction / 2^32, rounded down or up.
fn part_of(total: vec2u, fraction: u32, up: bool) -> vec2u {
  let low = product(total.x, fraction);
  let part = plus(product(total.y, fraction), vec2u(low.y, 0u));
  return plus(part, vec2u(u32(up && low.x != 0u), 0u));
}

/// All 64 bits, by halves.
fn product(a: u32, b: u32) -> vec2u {
  let low = (a & 0xffffu) * (b & 0xffffu);
  let middle = (a >> 16u) * (b & 0xffffu) + (low >> 16u);
  let other = (a & 0xffffu) * (b >> 16u) + (middle & 0xffffu);
  return vec2u((other << 16u) | (low & 0xffffu), (a >> 16u) * (b >> 16u) + (middle >> 16u) + (other >> 16u));
}
