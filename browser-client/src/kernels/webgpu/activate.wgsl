// x = activation(x), four floats a thread. KIND 0 is GELU by the error function, 1 by tanh, 2 x * sigmoid(1.702 x). All of them
// keep zero, which lies between rows.

struct Call {
  /// vec4 of all rows.
  quads: u32,
}

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read_write> x: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < call.quads) {
    x[id.x] = activated(x[id.x]);
  }
}

#if KIND == 0
fn activated(v: vec4f) -> vec4f {
  return 0.5 * v * (1.0 + error_function(v * 0.70710678));
}

/// To within 2e-7: Abramowitz and Stegun 7.1.26.
fn error_function(v: vec4f) -> vec4f {
  let t = 1.0 / (1.0 + 0.3275911 * abs(v));
  let sum = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  return sign(v) * (1.0 - sum * exp(-v * v));
}
#elif KIND == 1
fn activated(v: vec4f) -> vec4f {
  // Some drivers' tanh is not a number where its powers overflow.
  return 0.5 * v * (1.0 + tanh(clamp(0.79788456 * (v + 0.044715 * v * v * v), vec4f(-15.0), vec4f(15.0))));
}
#else
fn activated(v: vec4f) -> vec4f {
  return v / (1.0 + exp(-1.702 * v));
}
#endif
