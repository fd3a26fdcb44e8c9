// gate = gelu(gate) * up by the tanh approximation, four floats a thread.

@group(0) @binding(0) var<storage, read_write> gate: array<vec4f>;
@group(0) @binding(1) var<storage, read> up: array<vec4f>;

const SCALE = 0.7978845608028654;
const CUBIC = 0.044715;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < arrayLength(&gate)) {
    let g = gate[id.x];
    // Some drivers' tanh is not a number where its powers overflow.
    let inner = clamp(SCALE * (g + CUBIC * g * g * g), vec4f(-15.0), vec4f(15.0));
    gate[id.x] = 0.5 * g * (1.0 + tanh(inner)) * up[id.x];
  }
}
