// y = x, four floats a thread.

struct Call {
  /// vec4 of all rows.
  quads: u32,
}

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < call.quads) {
    y[id.x] = x[id.x];
  }
}
