// One row of activations times a packed tensor. A thread takes four rows and every LANES-th group of them, so that an
// activation is read once for four weights; neighbouring lanes read neighbouring groups. With more than one lane there is
// one barrier, after which the first lane adds up; with one lane there is none, which rasterisers on the CPU need.

/// Threads that share four rows.
override LANES: u32;
/// Runs of four rows in a workgroup.
override SLOTS: u32;

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

const ROWS = 4u;

var<workgroup> partials: array<vec4f, LANES * SLOTS>;

@compute @workgroup_size(LANES, SLOTS)
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let first = (workgroup.x * SLOTS + local.y) * ROWS;
  var sums = share(first, local.x);
  if (LANES > 1u) {
    partials[local.y * LANES + local.x] = sums;
    workgroupBarrier();
    if (local.x != 0u) {
      return;
    }
    for (var lane = 1u; lane < LANES; lane++) {
      sums += partials[local.y * LANES + lane];
    }
  }
  for (var r = 0u; r < ROWS && first + r < matrix.rows; r++) {
    let index = matrix.first_row + first + r;
    let product = sums[r] * row_scales[matrix.origin + first + r];
    out[index] = select(product, out[index] + product, call.accumulate != 0u);
  }
}

/// A lane's share of four rows' products, before the row scales. Rows past the last repeat it.
fn share(first: u32, lane: u32) -> vec4f {
  let rows = (min(vec4u(first) + vec4u(0u, 1u, 2u, 3u), vec4u(matrix.rows - 1u)) + matrix.origin) * matrix.groups;
  var sums = vec4f(0.0);
  for (var g = lane; g < matrix.groups; g += LANES) {
    let at = rows + g;
    let words = at * group_words();
    var dots = vec4f(0.0);
    var total = 0.0;
    for (var i = 0u; i < 8u; i++) {
      let a = x[g * 8u + i];
      total += dot(a, vec4f(1.0));
      dots += vec4f(
        dot(four_floats(packed_quad(words.x, i)), a),
        dot(four_floats(packed_quad(words.y, i)), a),
        dot(four_floats(packed_quad(words.z, i)), a),
        dot(four_floats(packed_quad(words.w, i)), a),
      );
    }
    let bytes = four_scale_bytes(at);
    sums += four_magnitudes(bytes) * (2.0 * matrix.cell * dots + four_centres(bytes) * total);
  }
  return sums;
}
