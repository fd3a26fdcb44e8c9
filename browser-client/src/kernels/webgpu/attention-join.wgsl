// Joins what `attention.wgsl` found in the splits of one query row: a workgroup a head, a thread four dimensions.

struct Call {
  splits: u32,
}

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> parts: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> out: array<vec4f>;

@compute @workgroup_size(${QUADS})
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) quad: u32) {
  let first = workgroup.x * call.splits * ${QUADS + 1}u;
  var most = -1e30;
  for (var s = 0u; s < call.splits; s++) {
    most = max(most, parts[first + s * ${QUADS + 1}u + ${QUADS}u].x);
  }
  var total = 0.0;
  var sum = vec4f(0.0);
  for (var s = 0u; s < call.splits; s++) {
    let place = first + s * ${QUADS + 1}u;
    let stats = parts[place + ${QUADS}u];
    let weight = exp(stats.x - most);
    total += weight * stats.y;
    sum += weight * parts[place + quad];
  }
  out[workgroup.x * ${QUADS}u + quad] = sum / total;
}
