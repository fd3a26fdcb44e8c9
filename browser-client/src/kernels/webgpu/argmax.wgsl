// Index of the largest of the first `count` floats, the first of equals; none when one of them is no finite number. A
// workgroup finds that of its own run.

struct Call {
  count: u32,
  /// Floats of a workgroup.
  run: u32,
}

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> x: array<f32>;
/// For every workgroup its largest float and where it is.
@group(0) @binding(2) var<storage, read_write> found: array<vec2u>;

const THREADS = 64u;
/// In place of an index: nothing to choose from, and something that is no finite number.
const NONE = 0xffffffffu;
const BROKEN = 0xfffffffeu;

var<workgroup> values: array<f32, THREADS>;
var<workgroup> indices: array<u32, THREADS>;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) thread: u32) {
  let begin = workgroup.x * call.run;
  let end = min(begin + call.run, call.count);
  var best = 0.0;
  var index = NONE;
  for (var i = begin + thread; i < end; i += THREADS) {
    let value = x[i];
    if (!is_finite(value)) {
      index = BROKEN;
    } else if (index == NONE || (index != BROKEN && value > best)) {
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
    if (candidate == BROKEN) {
      index = BROKEN;
    } else if (index != BROKEN && candidate != NONE && larger) {
      best = values[other];
      index = candidate;
    }
  }
  found[workgroup.x] = vec2u(bitcast<u32>(best), index);
}

/// By the bits: compilers may assume that floats are finite.
fn is_finite(value: f32) -> bool {
  return (bitcast<u32>(value) & 0x7fffffffu) < 0x7f800000u;
}
