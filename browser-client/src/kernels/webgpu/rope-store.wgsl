// Rotates queries in place and keys into the cache, and copies values into the cache, for every row of the step. Element
// i of a head's first half turns with element i of its second half.

struct Step {
  position: u32,
  count: u32,
}

struct Call {
  heads: u32,
  kv_heads: u32,
  head_dim: u32,
  /// Positions that the cache holds.
  capacity: u32,
  /// Floats between neighbouring rows of queries, and of keys and values.
  query_stride: u32,
  key_stride: u32,
}

@group(0) @binding(0) var<uniform> step_info: Step;
@group(0) @binding(1) var<uniform> call: Call;
@group(0) @binding(2) var<storage, read_write> query: array<f32>;
@group(0) @binding(3) var<storage, read> key: array<f32>;
@group(0) @binding(4) var<storage, read> value: array<f32>;
/// Cosines, then sines: two blocks of capacity x head_dim / 2.
@group(0) @binding(5) var<storage, read> rotation: array<f32>;
@group(0) @binding(6) var<storage, read_write> keys: array<f32>;
@group(0) @binding(7) var<storage, read_write> values: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let half_dim = call.head_dim / 2u;
  let query_pairs = call.heads * half_dim;
  let key_pairs = call.kv_heads * half_dim;
  if (id.x < query_pairs) {
    rotate_query(id.y, id.x / half_dim, id.x % half_dim);
  } else if (id.x < query_pairs + key_pairs) {
    let pair = id.x - query_pairs;
    store_key(id.y, pair / half_dim, pair % half_dim);
  } else if (id.x < query_pairs + key_pairs + call.kv_heads * call.head_dim) {
    let element = id.x - query_pairs - key_pairs;
    store_value(id.y, element / call.head_dim, element % call.head_dim);
  }
}

fn rotate_query(row: u32, head: u32, i: u32) {
  let first = row * call.query_stride + head * call.head_dim + i;
  let second = first + call.head_dim / 2u;
  let turned = turn(vec2f(query[first], query[second]), step_info.position + row, i);
  query[first] = turned.x;
  query[second] = turned.y;
}

fn store_key(row: u32, head: u32, i: u32) {
  let first = row * call.key_stride + head * call.head_dim + i;
  let half_dim = call.head_dim / 2u;
  let turned = turn(vec2f(key[first], key[first + half_dim]), step_info.position + row, i);
  let place = cached(head, row) + i;
  keys[place] = turned.x;
  keys[place + half_dim] = turned.y;
}

fn store_value(row: u32, head: u32, i: u32) {
  values[cached(head, row) + i] = value[row * call.key_stride + head * call.head_dim + i];
}

/// First float of a head's row in the cache.
fn cached(head: u32, row: u32) -> u32 {
  return (head * call.capacity + step_info.position + row) * call.head_dim;
}

fn turn(pair: vec2f, position: u32, i: u32) -> vec2f {
  let half_dim = call.head_dim / 2u;
  let c = rotation[position * half_dim + i];
  let s = rotation[(call.capacity + position) * half_dim + i];
  return vec2f(pair.x * c - pair.y * s, pair.y * c + pair.x * s);
}
