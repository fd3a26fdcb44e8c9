// Every head by itself, in place: x / sqrt(mean(x^2) + epsilon) * gain; a workgroup does a head of a row.

struct Call {
  head_dim: u32,
  /// Floats between neighbouring rows.
  stride: u32,
  epsilon: f32,
}

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read_write> x: array<f32>;
@group(0) @binding(2) var<storage, read> gain: array<f32>;

const THREADS = 32u;

var<workgroup> partials: array<f32, THREADS>;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) thread: u32) {
  let first = workgroup.y * call.stride + workgroup.x * call.head_dim;
  var squares = 0.0;
  for (var i = thread; i < call.head_dim; i += THREADS) {
    squares += x[first + i] * x[first + i];
  }
  partials[thread] = squares;
  workgroupBarrier();
  var total = 0.0;
  for (var i = 0u; i < THREADS; i++) {
    total += partials[i];
  }
  let scale = 1.0 / sqrt(total / f32(call.head_dim) + call.epsilon);
  for (var i = thread; i < call.head_dim; i += THREADS) {
    x[first + i] *= scale * gain[i];
  }
}
