// x / sqrt(mean(x^2) + epsilon) * gain; a workgroup does a row.

struct Step {
  position: u32,
  count: u32,
}

struct Call {
  width: u32,
  /// Floats between neighbouring rows.
  stride: u32,
  epsilon: f32,
  /// 1: read the step's last row, write row 0.
  last: u32,
}

@group(0) @binding(0) var<uniform> step_info: Step;
@group(0) @binding(1) var<uniform> call: Call;
@group(0) @binding(2) var<storage, read> x: array<f32>;
@group(0) @binding(3) var<storage, read> gain: array<f32>;
@group(0) @binding(4) var<storage, read_write> out: array<f32>;

const THREADS = 64u;

var<workgroup> partials: array<f32, THREADS>;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) thread: u32) {
  let source = select(workgroup.x, step_info.count - 1u, call.last != 0u) * call.stride;
  let sink = workgroup.x * call.stride;
  var squares = 0.0;
  for (var i = thread; i < call.width; i += THREADS) {
    squares += x[source + i] * x[source + i];
  }
  partials[thread] = squares;
  workgroupBarrier();
  var total = 0.0;
  for (var i = 0u; i < THREADS; i++) {
    total += partials[i];
  }
  let scale = 1.0 / sqrt(total / f32(call.width) + call.epsilon);
  for (var i = thread; i < call.width; i += THREADS) {
    out[sink + i] = x[source + i] * scale * gain[i];
  }
}
