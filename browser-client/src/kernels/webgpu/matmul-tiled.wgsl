// Many rows of activations times a packed tensor: prefill. A workgroup of 16 x 16 threads makes a tile of products, TM
// weight rows by TN tokens a thread. Each step puts one group of 32 inputs of both sides into workgroup memory as floats,
// while the next group's loads are under way.

struct Matrix {
  /// Rows of this part of the tensor.
  rows: u32,
  /// The part's first row in the tensor.
  first_row: u32,
  /// 2^-depth.
  cell: f32,
  /// vec4 between neighbouring rows of activations.
  x_stride: u32,
  /// Where the second and the third output start, in rows of the tensor.
  starts: vec2u,
  /// Shifts of the tensors that lie one after the other.
  shifts: vec4f,
  /// Floats between neighbouring rows of each output.
  strides: vec4u,
}

struct Step {
  position: u32,
  count: u32,
}

@group(0) @binding(0) var<uniform> matrix: Matrix;
@group(0) @binding(1) var<storage, read> codes: array<u32>;
@group(0) @binding(2) var<storage, read> scale_bytes: array<u32>;
@group(0) @binding(3) var<storage, read> row_scales: array<f32>;
@group(0) @binding(4) var<storage, read> x: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> out: array<f32>;
#if OUTS > 1
@group(0) @binding(6) var<storage, read_write> out_1: array<f32>;
#endif
#if OUTS > 2
@group(0) @binding(7) var<storage, read_write> out_2: array<f32>;
#endif
@group(0) @binding(8) var<uniform> step_info: Step;

/// Four neighbouring rows (tokens) of input k at k * quads + quad.
var<workgroup> weights: array<vec4f, ${32 * ROW_QUADS}>;
var<workgroup> inputs: array<vec4f, ${32 * TOKEN_QUADS}>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) thread: u32) {
  let first_row = workgroup.x * ${4 * ROW_QUADS}u;
  let first_token = workgroup.y * ${4 * TOKEN_QUADS}u;
  let column = thread % 16u;
  let line = thread / 16u;
#for m in TM / 4
#for t in TN
  var sum_${m}_${t} = vec4f(0.0);
#endfor
#endfor
  // What this thread brings in each step: the weights 4i .. 4i+3 of four rows, the same inputs of four tokens.
#for l in WEIGHT_LOADS
  let quad_${l} = (thread + ${256 * l}u) / ${ROW_QUADS}u;
  let slot_${l} = (thread + ${256 * l}u) % ${ROW_QUADS}u;
#for r in 4
  let row_${l}_${r} = min(first_row + slot_${l} * 4u + ${r}u, matrix.rows - 1u);
  let shift_${l}_${r} = shift_of(row_${l}_${r});
  var word_${l}_${r} = word_at(row_${l}_${r} * ${GROUPS}u, quad_${l});
  var byte_${l}_${r} = scale_byte(row_${l}_${r} * ${GROUPS}u);
#endfor
#endfor
#for l in INPUT_LOADS
  let input_quad_${l} = (thread + ${256 * l}u) / ${TOKEN_QUADS}u;
  let input_slot_${l} = (thread + ${256 * l}u) % ${TOKEN_QUADS}u;
#for t in 4
  let token_${l}_${t} = min(first_token + input_slot_${l} * 4u + ${t}u, step_info.count - 1u) * matrix.x_stride + input_quad_${l};
  var input_${l}_${t} = x[token_${l}_${t}];
#endfor
#endfor
  for (var g = 1u; g <= ${GROUPS}u; g++) {
    workgroupBarrier();
#for l in WEIGHT_LOADS
#if WEIGHT_THREADS < 256
    if (thread < ${WEIGHT_THREADS}u)
#endif
    {
      let decoded = transpose(mat4x4f(
        decode(word_${l}_0, byte_${l}_0, shift_${l}_0),
        decode(word_${l}_1, byte_${l}_1, shift_${l}_1),
        decode(word_${l}_2, byte_${l}_2, shift_${l}_2),
        decode(word_${l}_3, byte_${l}_3, shift_${l}_3),
      ));
#for k in 4
      weights[(quad_${l} * 4u + ${k}u) * ${ROW_QUADS}u + slot_${l}] = decoded[${k}];
#endfor
    }
#endfor
#for l in INPUT_LOADS
#if INPUT_THREADS < 256
    if (thread < ${INPUT_THREADS}u)
#endif
    {
      let turned = transpose(mat4x4f(input_${l}_0, input_${l}_1, input_${l}_2, input_${l}_3));
#for k in 4
      inputs[(input_quad_${l} * 4u + ${k}u) * ${TOKEN_QUADS}u + input_slot_${l}] = turned[${k}];
#endfor
    }
#endfor
    workgroupBarrier();
    if (g < ${GROUPS}u) {
#for l in WEIGHT_LOADS
#for r in 4
      word_${l}_${r} = word_at(row_${l}_${r} * ${GROUPS}u + g, quad_${l});
      byte_${l}_${r} = scale_byte(row_${l}_${r} * ${GROUPS}u + g);
#endfor
#endfor
#for l in INPUT_LOADS
#for t in 4
      input_${l}_${t} = x[token_${l}_${t} + g * 8u];
#endfor
#endfor
    }
    for (var k = 0u; k < 32u; k++) {
#for m in TM / 4
      let weight_${m} = weights[k * ${ROW_QUADS}u + column + ${16 * m}u];
#endfor
#for n in TN / 4
      let input_${n} = inputs[k * ${TOKEN_QUADS}u + line + ${16 * n}u];
#for m in TM / 4
      sum_${m}_${4 * n} += weight_${m} * input_${n}.x;
      sum_${m}_${4 * n + 1} += weight_${m} * input_${n}.y;
      sum_${m}_${4 * n + 2} += weight_${m} * input_${n}.z;
      sum_${m}_${4 * n + 3} += weight_${m} * input_${n}.w;
#endfor
#endfor
    }
  }
#for m in TM / 4
#for t in TN
  put(first_token + (line + ${t / 4 * 16}u) * 4u + ${t % 4}u, first_row + (column + ${16 * m}u) * 4u, sum_${m}_${t});
#endfor
#endfor
}

fn put(token: u32, first: u32, sums: vec4f) {
  if (token >= step_info.count) {
    return;
  }
  for (var r = 0u; r < 4u && first + r < matrix.rows; r++) {
    store(token, matrix.first_row + first + r, sums[r] * row_scales[first + r] / 127.0);
  }
}

fn store(token: u32, row: u32, value: f32) {
#if OUTS > 2
  if (row >= matrix.starts.y) {
    out_2[token * matrix.strides.z + row - matrix.starts.y] = value;
    return;
  }
#endif
#if OUTS > 1
  if (row >= matrix.starts.x) {
    out_1[token * matrix.strides.y + row - matrix.starts.x] = value;
    return;
  }
#endif
#if ADD
  out[token * matrix.strides.x + row] += value;
#else
  out[token * matrix.strides.x + row] = value;
#endif
}

fn shift_of(row: u32) -> f32 {
#if OUTS > 1
  let tensor_row = matrix.first_row + row;
  return select(select(matrix.shifts.x, matrix.shifts.y, tensor_row >= matrix.starts.x), matrix.shifts.z, tensor_row >= matrix.starts.y);
#else
  return matrix.shifts.x;
#endif
}

/// Codes 4i .. 4i+3 of the group with this index, one a byte.
fn word_at(group: u32, i: u32) -> u32 {
#if LAYOUT == 8
  return codes[group * 8u + i];
#elif LAYOUT == 4
  return (codes[group * 4u + (i >> 1u)] >> ((i & 1u) << 2u)) & 0x0f0f0f0fu;
#elif LAYOUT == 3
  let pairs = (codes[group * 3u + (i >> 2u)] >> ((i & 3u) << 1u)) & 0x03030303u;
  return (pairs << 1u) | ((codes[group * 3u + 2u] >> i) & 0x01010101u);
#else
  return (codes[group * 2u + (i >> 2u)] >> ((i & 3u) << 1u)) & 0x03030303u;
#endif
}

fn scale_byte(group: u32) -> u32 {
  return (scale_bytes[group >> 2u] >> ((group & 3u) << 3u)) & 0xffu;
}

/// Values of four codes, before the row's scale.
fn decode(word: u32, byte: u32, shift: f32) -> vec4f {
  let centre = matrix.cell - 1.0 + select(shift, -shift, (byte & 0x80u) != 0u);
  let values = vec4f(vec4u(word, word >> 8u, word >> 16u, word >> 24u) & vec4u(0xffu));
  return (values * (2.0 * matrix.cell) + centre) * f32(byte & 0x7fu);
}
