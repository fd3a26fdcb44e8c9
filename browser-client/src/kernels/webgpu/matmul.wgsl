// Several rows of activations times a packed tensor: prefill. As matvec, but what a thread unpacks meets four
// activation rows at once. Rows past the step's last are computed from what lies there and not stored.

struct Step {
  position: u32,
  count: u32,
}

struct Call {
  x_stride: u32,
  out_stride: u32,
  accumulate: u32,
}

@group(0) @binding(0) var<uniform> matrix: Matrix;
@group(0) @binding(1) var<uniform> call: Call;
@group(0) @binding(2) var<storage, read> codes: array<u32>;
@group(0) @binding(3) var<storage, read> scale_bytes: array<u32>;
@group(0) @binding(4) var<storage, read> row_scales: array<f32>;
@group(0) @binding(5) var<storage, read> x: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> out: array<f32>;
@group(0) @binding(7) var<uniform> step_info: Step;

const LANES = 16u;
const ROWS = 4u;
const TOKENS = 4u;

var<workgroup> partials: array<vec4f, LANES * ROWS>;

@compute @workgroup_size(LANES, ROWS)
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let row = workgroup.x * ROWS + local.y;
  let token = workgroup.y * TOKENS;
  partials[local.y * LANES + local.x] = share(row, token, local.x);
  workgroupBarrier();
  // The first four lanes of a row add up one activation row each.
  if (local.x >= TOKENS || row >= matrix.rows || token + local.x >= step_info.count) {
    return;
  }
  var sum = 0.0;
  for (var lane = 0u; lane < LANES; lane++) {
    sum += partials[local.y * LANES + lane][local.x];
  }
  let index = (token + local.x) * call.out_stride + matrix.first_row + row;
  let product = sum * row_scales[row];
  out[index] = select(product, out[index] + product, call.accumulate != 0u);
}

/// A lane's share of a row's product with four activation rows, before the row scale.
fn share(row: u32, token: u32, lane: u32) -> vec4f {
  var sums = vec4f(0.0);
  if (row >= matrix.rows) {
    return sums;
  }
  for (var g = lane; g < matrix.groups; g += LANES) {
    let byte = scale_byte(row * matrix.groups + g);
    let first = (row * matrix.groups + g) * group_words();
    let offset = vec4f(centre(byte));
    var dots = vec4f(0.0);
    for (var i = 0u; i < 8u; i++) {
      let weights = four_floats(packed_quad(first, i)) * (2.0 * matrix.cell) + offset;
      let at = token * call.x_stride + g * 8u + i;
      dots += vec4f(
        dot(weights, x[at]),
        dot(weights, x[at + call.x_stride]),
        dot(weights, x[at + 2u * call.x_stride]),
        dot(weights, x[at + 3u * call.x_stride]),
      );
    }
    sums += magnitude(byte) * dots;
  }
  return sums;
}
