// gate = gate / (1 + e^-gate) * up, four floats a thread.

@group(0) @binding(0) var<storage, read_write> gate: array<vec4f>;
@group(0) @binding(1) var<storage, read> up: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < arrayLength(&gate)) {
    let g = gate[id.x];
    gate[id.x] = g / (1.0 + exp(-g)) * up[id.x];
  }
}
