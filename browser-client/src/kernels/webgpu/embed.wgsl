// Rows of a packed tensor as floats: the embedding of a step's tokens. A thread decodes four weights.

struct Step {
  position: u32,
  count: u32,
}

@group(0) @binding(0) var<uniform> matrix: Matrix;
@group(0) @binding(1) var<uniform> step_info: Step;
@group(0) @binding(2) var<storage, read> codes: array<u32>;
@group(0) @binding(3) var<storage, read> scale_bytes: array<u32>;
@group(0) @binding(4) var<storage, read> row_scales: array<f32>;
@group(0) @binding(5) var<storage, read> tokens: array<u32>;
@group(0) @binding(6) var<storage, read_write> out: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let quads = matrix.groups * 8u;
  // Unsigned: a token before this part's first row wraps to beyond its last.
  let row = tokens[id.y] - matrix.first_row;
  if (id.x >= quads || id.y >= step_info.count || row >= matrix.rows) {
    return;
  }
  let index = (matrix.origin + row) * matrix.groups + id.x / 8u;
  let byte = scale_byte(index);
  let values = four_floats(packed_quad(index * group_words(), id.x % 8u)) * (2.0 * matrix.cell) + centre(byte);
  // What pads a row is zero, whatever its codes are.
  let real = vec4u(id.x * 4u) + vec4u(0u, 1u, 2u, 3u) < vec4u(matrix.cols);
  out[id.y * quads + id.x] = select(vec4f(0.0), values * (magnitude(byte) * row_scales[matrix.origin + row]), real);
}
