// Attention, causal unless `everything` says otherwise, of the GROUP query heads that share one key head, for one query row, over a split of the cache, in tiles
// of 64 positions with a running maximum. Threads first score positions, then mix values: four dimensions a thread, the
// positions dealt out to PARTS threads each. With several splits the results are partial; `attention-join.wgsl` joins them.
// A CODED cache is read by `kv-read.wgsl`.

struct Step {
  position: u32,
  count: u32,
}

struct Call {
  kv_heads: u32,
  /// Positions that the cache holds.
  capacity: u32,
  /// vec4 between neighbouring rows of queries and of the output.
  stride: u32,
  splits: u32,
  /// Positions that a query sees, its own included.
  window: u32,
  /// Bound of the scores, by tanh; 0 for none.
  softcap: f32,
  /// Positions that every row sees, those after its own too; 0 for causal attention.
  everything: u32,
  /// Row of the step that the first workgroup does.
  first_row: u32,
}

@group(0) @binding(0) var<uniform> step_info: Step;
@group(0) @binding(1) var<uniform> call: Call;
@group(0) @binding(2) var<storage, read> query: array<vec4f>;
/// The output, or for every head and split QUADS vec4 and one more: the maximum and the sum of weights.
@group(0) @binding(3) var<storage, read_write> out: array<vec4f>;
#if CODED
@group(0) @binding(4) var<storage, read> recent: array<u32>;
@group(0) @binding(5) var<storage, read> codes: array<u32>;
@group(0) @binding(6) var<storage, read> scales: array<u32>;
#else
@group(0) @binding(4) var<storage, read> keys: array<vec4f>;
@group(0) @binding(5) var<storage, read> values: array<vec4f>;
#endif

const TILE = 64u;
/// Neighbouring threads that read a key together.
const READERS = 8u;
/// Below every score: scores of real models are some hundreds at most.
const NOTHING = -1e30;

var<workgroup> queries: array<vec4f, ${GROUP * QUADS}>;
/// Shares of the scores: a head's positions, and for each the readers.
var<workgroup> shares: array<f32, ${GROUP * 64 * 8}>;
/// Scores, then weights: four positions a vector.
var<workgroup> scores: array<vec4f, ${GROUP * 16}>;
var<workgroup> weights: array<f32, ${GROUP * 64}>;
var<workgroup> mixed: array<vec4f, ${THREADS}>;
var<workgroup> totals: array<f32, ${THREADS}>;

@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) thread: u32) {
  let kv_head = workgroup.x % call.kv_heads;
  let split = workgroup.x / call.kv_heads;
  let row = call.first_row + workgroup.y;
  let length = select(step_info.position + row + 1u, call.everything, call.everything > 0u);
  let chunk = (length + call.splits * TILE - 1u) / (call.splits * TILE) * TILE;
  let first = length - min(length, call.window);
  // Every tile but those of splits that lie before the window has a position within it.
  let begin = max(split * chunk, first / TILE * TILE);
  let end = min(split * chunk + chunk, length);
  let source = row * call.stride + kv_head * ${GROUP * QUADS}u;
#if CODED
  let coded = coded_end(length);
#else
  let cache = kv_head * call.capacity * ${QUADS}u;
#endif
  for (var i = thread; i < ${GROUP * QUADS}u; i += ${THREADS}u) {
    queries[i] = query[source + i] * inverseSqrt(${4 * QUADS}.0);
  }
  let quad = thread % ${QUADS}u;
  let part = thread / ${QUADS}u;
#for h in GROUP
  var most_${h} = NOTHING;
  var total_${h} = 0.0;
  var mixed_${h} = vec4f(0.0);
#endfor
  for (var tile = begin; tile < end; tile += TILE) {
    workgroupBarrier();
#if CODED
    share_scores(thread, kv_head, coded, tile, end);
#else
    share_scores(thread, cache, tile, end);
#endif
    workgroupBarrier();
    for (var i = thread; i < ${GROUP * 16}u; i += ${THREADS}u) {
      scores[i] = four_scores(i / 16u, i % 16u * 4u, tile, first, end);
    }
    workgroupBarrier();
#for h in GROUP
    var largest_${h} = vec4f(most_${h});
    for (var p = 0u; p < 16u; p++) {
      largest_${h} = max(largest_${h}, scores[${h * 16}u + p]);
    }
    let raised_${h} = max(max(largest_${h}.x, largest_${h}.y), max(largest_${h}.z, largest_${h}.w));
    let fade_${h} = exp(most_${h} - raised_${h});
    most_${h} = raised_${h};
    total_${h} *= fade_${h};
    mixed_${h} *= fade_${h};
    for (var p = thread; p < TILE; p += ${THREADS}u) {
      weights[${h * 64}u + p] = exp(scores[${h * 16}u + p / 4u][p % 4u] - raised_${h});
    }
#endfor
    workgroupBarrier();
    let count = min(TILE, end - tile);
    if (part < ${PARTS}u) {
      for (var p = part; p < count; p += ${PARTS}u) {
#if CODED
        let value = value_quad(kv_head, tile + p, quad, coded);
#else
        let value = values[cache + (tile + p) * ${QUADS}u + quad];
#endif
#for h in GROUP
        total_${h} += weights[${h * 64}u + p];
        mixed_${h} += weights[${h * 64}u + p] * value;
#endfor
      }
    }
  }
#for h in GROUP
  finish(thread, row, kv_head * ${GROUP}u + ${h}u, split, most_${h}, total_${h}, mixed_${h});
#endfor
}

/// The products of queries with the tile's keys: READERS threads a key, each every READERS-th quad for all heads.
#if CODED
fn share_scores(thread: u32, kv_head: u32, coded: u32, tile: u32, end: u32) {
#else
fn share_scores(thread: u32, cache: u32, tile: u32, end: u32) {
#endif
  let reader = thread % READERS;
  for (var p = thread / READERS; p < TILE; p += ${THREADS / 8}u) {
    let position = min(tile + p, end - 1u);
#for h in GROUP
    var sum_${h} = vec4f(0.0);
#endfor
    for (var i = reader; i < ${QUADS}u; i += READERS) {
#if CODED
      let four = key_quad(kv_head, position, i, coded);
#else
      let four = keys[cache + position * ${QUADS}u + i];
#endif
#for h in GROUP
      sum_${h} += queries[${h * QUADS}u + i] * four;
#endfor
    }
#for h in GROUP
    shares[(${h * 64}u + p) * READERS + reader] = dot(sum_${h}, vec4f(1.0));
#endfor
  }
}

fn four_scores(head: u32, at: u32, tile: u32, first: u32, end: u32) -> vec4f {
  var four = vec4f(0.0);
  for (var i = 0u; i < READERS; i++) {
    let share = (head * 64u + at) * READERS + i;
    four += vec4f(shares[share], shares[share + READERS], shares[share + 2u * READERS], shares[share + 3u * READERS]);
  }
  if (call.softcap > 0.0) {
    // Some drivers' tanh is not a number where its powers overflow.
    four = call.softcap * tanh(clamp(four / call.softcap, vec4f(-15.0), vec4f(15.0)));
  }
  let position = vec4u(tile + at) + vec4u(0u, 1u, 2u, 3u);
  return select(vec4f(NOTHING), four, (position >= vec4u(first)) & (position < vec4u(end)));
}

/// Adds up what the parts found of one head, and stores it.
fn finish(thread: u32, row: u32, head: u32, split: u32, most: f32, total: f32, mixture: vec4f) {
  workgroupBarrier();
  mixed[thread] = mixture;
  totals[thread] = total;
  workgroupBarrier();
  if (thread >= ${QUADS}u) {
    return;
  }
  var sum = vec4f(0.0);
  var weight = 0.0;
  for (var i = thread; i < ${QUADS * PARTS}u; i += ${QUADS}u) {
    sum += mixed[i];
    weight += totals[i];
  }
  if (call.splits == 1u) {
    out[row * call.stride + head * ${QUADS}u + thread] = sum / weight;
    return;
  }
  let place = (head * call.splits + split) * ${QUADS + 1}u;
  out[place + thread] = sum;
  if (thread == 0u) {
    out[place + ${QUADS}u] = vec4f(most, weight, 0.0, 0.0);
  }
}
