// Attention, causal unless `everything` says otherwise, of one query row and head per workgroup, over the cache in tiles of 64 positions with a running
// maximum: a thread first scores one position of the tile, then mixes up to four of the head's dimensions. A CODED cache is
// read by `kv-read.wgsl`.

struct Step {
  position: u32,
  count: u32,
}

struct Call {
  heads: u32,
  kv_heads: u32,
  head_dim: u32,
  capacity: u32,
  /// Floats between neighbouring rows of queries and of the output.
  query_stride: u32,
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
@group(0) @binding(2) var<storage, read> query: array<f32>;
@group(0) @binding(3) var<storage, read_write> out: array<f32>;
#if CODED
@group(0) @binding(4) var<storage, read> recent: array<u32>;
@group(0) @binding(5) var<storage, read> codes: array<u32>;
@group(0) @binding(6) var<storage, read> scales: array<u32>;
#else
@group(0) @binding(4) var<storage, read> keys: array<f32>;
@group(0) @binding(5) var<storage, read> values: array<f32>;
#endif

const TILE = 64u;
/// Below every score: scores of real models are some hundreds at most.
const NOTHING = -1e30;

var<workgroup> scores: array<f32, TILE>;
var<workgroup> weights: array<f32, TILE>;

@compute @workgroup_size(TILE)
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) thread: u32) {
  let head = workgroup.x;
  let row = call.first_row + workgroup.y;
  let length = select(step_info.position + row + 1u, call.everything, call.everything > 0u);
  let source = row * call.query_stride + head * call.head_dim;
  let kv_head = head / (call.heads / call.kv_heads);
  var most = NOTHING;
  var total = 0.0;
  var mixed = vec4f(0.0);
  let first = length - min(length, call.window);
  for (var tile = first / TILE * TILE; tile < length; tile += TILE) {
    scores[thread] = score(source, kv_head, tile + thread, first, length);
    workgroupBarrier();
    let raised = tile_maximum(most);
    weights[thread] = exp(scores[thread] - raised);
    workgroupBarrier();
    let fade = exp(most - raised);
    total = total * fade + tile_sum();
    mixed = mixed * fade + mix_tile(kv_head, tile, length, thread);
    most = raised;
    workgroupBarrier();
  }
  for (var part = 0u; part < 4u; part++) {
    let i = part * TILE + thread;
    if (i < call.head_dim) {
      out[source + i] = mixed[part] / total;
    }
  }
}

fn score(source: u32, kv_head: u32, position: u32, first: u32, length: u32) -> f32 {
  if (position < first || position >= length) {
    return NOTHING;
  }
  var sum = 0.0;
#if CODED
  let coded = coded_end(length);
  for (var i = 0u; i < call.head_dim; i += 4u) {
    let four = vec4f(query[source + i], query[source + i + 1u], query[source + i + 2u], query[source + i + 3u]);
    sum += dot(four, key_quad(kv_head, position, i / 4u, coded));
  }
#else
  let key = (kv_head * call.capacity + position) * call.head_dim;
  for (var i = 0u; i < call.head_dim; i++) {
    sum += query[source + i] * keys[key + i];
  }
#endif
  let scaled = sum * inverseSqrt(f32(call.head_dim));
  if (call.softcap > 0.0) {
    // Some drivers' tanh is not a number where its powers overflow.
    return call.softcap * tanh(clamp(scaled / call.softcap, -15.0, 15.0));
  }
  return scaled;
}

fn tile_maximum(before: f32) -> f32 {
  var most = before;
  for (var j = 0u; j < TILE; j++) {
    most = max(most, scores[j]);
  }
  return most;
}

fn tile_sum() -> f32 {
  var sum = 0.0;
  for (var j = 0u; j < TILE; j++) {
    sum += weights[j];
  }
  return sum;
}

/// Weighted values of a tile in dimensions thread, thread + 64, thread + 128, thread + 192.
fn mix_tile(kv_head: u32, tile: u32, length: u32, thread: u32) -> vec4f {
  var sums = vec4f(0.0);
  let count = min(TILE, length - tile);
  for (var part = 0u; part < 4u; part++) {
    let i = part * TILE + thread;
    if (i >= call.head_dim) {
      break;
    }
    var sum = 0.0;
    for (var j = 0u; j < count; j++) {
#if CODED
      sum += weights[j] * value_quad(kv_head, tile + j, i / 4u, coded_end(length))[i % 4u];
#else
      sum += weights[j] * values[(kv_head * call.capacity + tile + j) * call.head_dim + i];
#endif
    }
    sums[part] = sum;
  }
  return sums;
}
