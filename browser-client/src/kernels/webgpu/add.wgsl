// x += y, row by row; y is one vector for all rows or has a row for each.

struct Call {
  width: u32,
  /// Floats between neighbouring rows of x.
  stride: u32,
  /// Floats between neighbouring rows of y; 0 for one vector.
  step: u32,
}

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read_write> x: array<f32>;
@group(0) @binding(2) var<storage, read> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < call.width) {
    x[id.y * call.stride + id.x] += y[id.y * call.step + id.x];
  }
}
