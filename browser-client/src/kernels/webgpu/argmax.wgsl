// Index of the largest of the first `count` floats, the first of equals; 0xffffffff when none is a number. One workgroup.

struct Call {
  count: u32,
}

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> winner: array<u32>;

const THREADS = 64u;
const NONE = 0xffffffffu;

var<workgroup> values: array<f32, THREADS>;
var<workgroup> indices: array<u32, THREADS>;

@compute @workgroup_size(THREADS)
fn main(@builtin(local_invocation_index) thread: u32) {
  var best = 0.0;
  var index = NONE;
  for (var i = thread; i < call.count; i += THREADS) {
    let value = x[i];
    if (is_number(value) && (index == NONE || value > best)) {
      best = value;
      index = i;
    }
  }
  values[thread] = best;
  indices[thread] = index;
  workgroupBarrier();
  if (thread != 0u) {
    return;
  }
  for (var other = 1u; other < THREADS; other++) {
    let candidate = indices[other];
    let larger = index == NONE || values[other] > best || (values[other] == best && candidate < index);
    if (candidate != NONE && larger) {
      best = values[other];
      index = candidate;
    }
  }
  winner[0] = index;
}

/// By the bits: compilers may assume that floats are never NaN.
fn is_number(value: f32) -> bool {
  return (bitcast<u32>(value) & 0x7fffffffu) < 0x7f800000u;
}
