// One row of activations times a packed tensor. A workgroup takes four rows, sixteen threads to a row: each thread
// takes every sixteenth group, whose 16 to 32 bytes lie beside its neighbour's. One barrier, then one thread a row adds up.

struct Call {
  /// vec4 between neighbouring activation rows.
  x_stride: u32,
  /// Floats between neighbouring output rows.
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

const LANES = 16u;
const ROWS = 4u;

var<workgroup> partials: array<f32, LANES * ROWS>;

@compute @workgroup_size(LANES, ROWS)
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let row = workgroup.x * ROWS + local.y;
  partials[local.y * LANES + local.x] = share(row, local.x);
  workgroupBarrier();
  if (local.x != 0u || row >= matrix.rows) {
    return;
  }
  var sum = 0.0;
  for (var lane = 0u; lane < LANES; lane++) {
    sum += partials[local.y * LANES + lane];
  }
  let index = matrix.first_row + row;
  let product = sum * row_scales[row];
  out[index] = select(product, out[index] + product, call.accumulate != 0u);
}

/// A lane's share of a row's product, before the row scale.
fn share(row: u32, lane: u32) -> f32 {
  var sum = 0.0;
  if (row >= matrix.rows) {
    return sum;
  }
  for (var g = lane; g < matrix.groups; g += LANES) {
    let byte = scale_byte(row * matrix.groups + g);
    let first = (row * matrix.groups + g) * group_words();
    let offset = vec4f(centre(byte));
    var dots = 0.0;
    for (var i = 0u; i < 8u; i++) {
      let weights = four_floats(packed_quad(first, i)) * (2.0 * matrix.cell) + offset;
      dots += dot(weights, x[g * 8u + i]);
    }
    sum += magnitude(byte) * dots;
  }
  return sum;
}
