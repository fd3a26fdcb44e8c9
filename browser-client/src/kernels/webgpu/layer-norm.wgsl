// x = (x - mean) / sqrt(variance + epsilon) * gain + bias, in place; a workgroup does a row.

struct Call {
  width: u32,
  /// Floats between neighbouring rows.
  stride: u32,
  epsilon: f32,
}

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read_write> x: array<f32>;
@group(0) @binding(2) var<storage, read> gain: array<f32>;
@group(0) @binding(3) var<storage, read> bias: array<f32>;

const THREADS = 64u;

var<workgroup> partials: array<f32, THREADS>;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) thread: u32) {
  let first = workgroup.x * call.stride;
  var sum = 0.0;
  for (var i = thread; i < call.width; i += THREADS) {
    sum += x[first + i];
  }
  let mean = total_of(sum, thread) / f32(call.width);
  var squares = 0.0;
  for (var i = thread; i < call.width; i += THREADS) {
    let away = x[first + i] - mean;
    squares += away * away;
  }
  let scale = 1.0 / sqrt(total_of(squares, thread) / f32(call.width) + call.epsilon);
  for (var i = thread; i < call.width; i += THREADS) {
    x[first + i] = (x[first + i] - mean) * scale * gain[i] + bias[i];
  }
}

fn total_of(value: f32, thread: u32) -> f32 {
  // The last total has been read by all.
  workgroupBarrier();
  partials[thread] = value;
  workgroupBarrier();
  var total = 0.0;
  for (var i = 0u; i < THREADS; i++) {
    total += partials[i];
  }
  return total;
}
