// Several rows of activations times a packed tensor: prefill. As matvec, but the four weights that a thread unpacks meet
// four activation rows. Activation rows past the step's last are computed from what lies there and not stored.

override LANES: u32;
override SLOTS: u32;

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

const ROWS = 4u;
const TOKENS = 4u;

/// Column t: four weight rows by activation row t.
var<workgroup> partials: array<mat4x4f, LANES * SLOTS>;

@compute @workgroup_size(LANES, SLOTS)
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let first = (workgroup.x * SLOTS + local.y) * ROWS;
  let token = workgroup.y * TOKENS;
  var sums = share(first, token, local.x);
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
  for (var t = 0u; t < TOKENS && token + t < step_info.count; t++) {
    put(first, token + t, sums[t]);
  }
}

fn put(first: u32, token: u32, sums: vec4f) {
  for (var r = 0u; r < ROWS && first + r < matrix.rows; r++) {
    let index = token * call.out_stride + matrix.first_row + first + r;
    let product = sums[r] * row_scales[matrix.origin + first + r];
    out[index] = select(product, out[index] + product, call.accumulate != 0u);
  }
}

/// A lane's share of the products, before the row scales. Rows past the last repeat it.
fn share(first: u32, token: u32, lane: u32) -> mat4x4f {
  let rows = (min(vec4u(first) + vec4u(0u, 1u, 2u, 3u), vec4u(matrix.rows - 1u)) + matrix.origin) * matrix.groups;
  let activations = (vec4u(token) + vec4u(0u, 1u, 2u, 3u)) * call.x_stride;
  var sums = mat4x4f();
  for (var g = lane; g < matrix.groups; g += LANES) {
    let at = rows + g;
    let words = at * group_words();
    var dots = mat4x4f();
    var totals = vec4f(0.0);
    for (var i = 0u; i < 8u; i++) {
      let a = activations + g * 8u + i;
      let inputs = mat4x4f(x[a.x], x[a.y], x[a.z], x[a.w]);
      let weights = transpose(mat4x4f(
        four_floats(packed_quad(words.x, i)),
        four_floats(packed_quad(words.y, i)),
        four_floats(packed_quad(words.z, i)),
        four_floats(packed_quad(words.w, i)),
      ));
      dots += weights * inputs;
      totals += vec4f(1.0) * inputs;
    }
    let bytes = four_scale_bytes(at);
    let magnitudes = four_magnitudes(bytes);
    let centres = four_centres(bytes);
    let factor = 2.0 * matrix.cell;
    sums += mat4x4f(
      magnitudes * (factor * dots[0] + centres * totals.x),
      magnitudes * (factor * dots[1] + centres * totals.y),
      magnitudes * (factor * dots[2] + centres * totals.z),
      magnitudes * (factor * dots[3] + centres * totals.w),
    );
  }
  return sums;
}
