// One row of activations times a packed tensor: decode. A set of LANES threads makes the products of ROWS weight rows at
// once; neighbouring lanes read neighbouring runs of SPAN groups. What goes in and what comes out is fused in:
//
//   NORM    the input is x * gain, and every product is divided by rms(x)
//   GATED   the tensor is two halves, and out = silu(first half's product) * second half's
//   OUTS    rows go to up to three outputs, one after the other
//   ADD     products are added to what is there
//
// PACKED 0 multiplies in float: a code is put into the mantissa of 1 + code / 2^LAYOUT, which needs no conversion.
// PACKED 1 rounds activations to 8 bits, one scale for each group, and multiplies four at a time. PACKED 2 keeps 16 bits
// as two such products.

#if SUBGROUP
enable subgroups;
#endif

struct Matrix {
  /// Rows of this part of the tensor, of each half where there are two.
  rows: u32,
  /// The part's first row in the tensor.
  first_row: u32,
  /// 2^-depth.
  cell: f32,
  epsilon: f32,
  /// Where the second and the third output start, in rows of the tensor.
  starts: vec2u,
  width: u32,
  /// Shifts of the tensors that lie one after the other.
  shifts: vec4f,
}

@group(0) @binding(0) var<uniform> matrix: Matrix;
#if LAYOUT * SPAN % 4 == 0
@group(0) @binding(1) var<storage, read> codes: array<vec4u>;
#else
@group(0) @binding(1) var<storage, read> codes: array<u32>;
#endif
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
#if NORM
@group(0) @binding(8) var<storage, read> gain: array<vec4f>;
#endif

#if PACKED
/// Quad i of group g, four activations a word, at (i / 4 * SPAN + g % SPAN) * RUNS + g / SPAN: conflict-free for lanes.
var<workgroup> high: array<vec4u, ${2 * GROUPS}>;
#if PACKED == 2
var<workgroup> low: array<vec4u, ${2 * GROUPS}>;
#endif
/// What a group's dot product is worth, and the group's sum.
var<workgroup> sums: array<vec2f, ${GROUPS}>;
#endif
#if SHARES > 1
/// A row's sums by subgroups, or by threads.
var<workgroup> partials: array<f32, ${ROWS * SHARES * SETS}>;
#endif

@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) thread: u32) {
  let lane = thread % ${LANES}u;
  let team = thread / ${LANES}u;
  // The part of a value that no code changes, but for the shift.
#if PACKED == 0
  let centre = matrix.cell * ${1 - 2 * LEVELS}.0 - 1.0;
#elif LAYOUT == 8
  // Codes are multiplied less 128, as signed bytes.
  let centre = matrix.cell * 257.0 - 1.0;
#else
  let centre = matrix.cell - 1.0;
#endif
#for t in TILES
  let first_${t} = ((workgroup.x * ${TILES}u + ${t}u) * ${SETS}u + team) * ${OUT_ROWS}u;
#for r in ROWS
#if GATED
  let row_${t}_${r} = min(first_${t} + ${r % OUT_ROWS}u, matrix.rows - 1u) + ${r / OUT_ROWS}u * matrix.rows;
#else
  let row_${t}_${r} = min(first_${t} + ${r}u, matrix.rows - 1u);
#endif
  let base_${t}_${r} = row_${t}_${r} * ${GROUPS}u;
#endfor
#endfor
#if PACKED
  let squares = stage(thread);
#elif NORM
  let squares = sum_of_squares(thread);
#endif
#if NORM
  let norm = inverseSqrt(workgroup_sum(squares, thread) / f32(matrix.width) + matrix.epsilon);
#else
  let norm = 1.0;
#if PACKED
  workgroupBarrier();
#endif
#endif
#for t in TILES
  {
  let first = first_${t};
#for r in ROWS
  let shift_${r} = shift_of(row_${t}_${r});
  var sum_${r} = 0.0;
#endfor
  for (var run = lane; run < ${RUNS}u; run += ${LANES}u) {
#if PACKED == 0
    let g = run * ${SPAN}u;
#endif
#for r in ROWS
#if LAYOUT * SPAN % 4 == 0
#for v in LAYOUT * SPAN / 4
    let words_${r}_${v} = codes[(base_${t}_${r} / ${SPAN}u + run) * ${LAYOUT * SPAN / 4}u + ${v}u];
#endfor
#for w in LAYOUT * SPAN
    let word_${r}_${w} = words_${r}_${w / 4}[${w % 4}];
#endfor
#else
#for w in LAYOUT * SPAN
    let word_${r}_${w} = codes[(base_${t}_${r} + run * ${SPAN}u) * ${LAYOUT}u + ${w}u];
#endfor
#endif
    let scales_${r} = scale_bytes[(base_${t}_${r} + run * ${SPAN}u) >> 2u] >> (((base_${t}_${r} + run * ${SPAN}u) & 3u) << 3u);
#endfor
#for s in SPAN
    {
#if PACKED
      let h0 = high[${s * RUNS}u + run];
      let h1 = high[${(SPAN + s) * RUNS}u + run];
#if PACKED == 2
      let l0 = low[${s * RUNS}u + run];
      let l1 = low[${(SPAN + s) * RUNS}u + run];
#endif
      let of_group = sums[${s * RUNS}u + run];
#else
      var total = vec4f(0.0);
#for i in 8
#if NORM
      let x_${i} = x[(g + ${s}u) * 8u + ${i}u] * gain[(g + ${s}u) * 8u + ${i}u];
#else
      let x_${i} = x[(g + ${s}u) * 8u + ${i}u];
#endif
      total += x_${i};
#endfor
      let sum_of_group = dot(total, vec4f(1.0));
      let of_group = vec2f(${2 * LEVELS}.0 * matrix.cell, sum_of_group);
#endif
#for r in ROWS
      {
#if PACKED
#for i in 8
#if LAYOUT == 8
        let quad_${i} = word_${r}_${s * 8 + i} ^ 0x80808080u;
#elif LAYOUT == 4
        let quad_${i} = (word_${r}_${s * 4 + i / 2} >> ${i % 2 * 4}u) & 0x0f0f0f0fu;
#elif LAYOUT == 3
        let quad_${i} = (((word_${r}_${s * 3 + i / 4} >> ${i % 4 * 2}u) & 0x03030303u) << 1u) | ((word_${r}_${s * 3 + 2} >> ${i}u) & 0x01010101u);
#else
        let quad_${i} = (word_${r}_${s * 2 + i / 4} >> ${i % 4 * 2}u) & 0x03030303u;
#endif
#endfor
        var product = dot4I8Packed(quad_0, h0[0]);
#for i in 7
        product += dot4I8Packed(quad_${i + 1}, h${(i + 1) / 4}[${(i + 1) % 4}]);
#endfor
#if PACKED == 2
        product *= 256;
#for i in 8
        product += dot4I8Packed(quad_${i}, l${i / 4}[${i % 4}]);
#endfor
#endif
        let dotted = f32(product);
#else
        var dotted = 0.0;
#for i in 8
#if LAYOUT == 8
        let quad_${i} = (vec4u(word_${r}_${s * 8 + i}) << vec4u(15u, 7u, 0u, 0u)) >> vec4u(0u, 0u, 1u, 9u);
#elif LAYOUT == 4
#if i % 2
        let quad_${i} = (vec4u(word_${r}_${s * 4 + i / 2}) << vec4u(15u, 7u, 0u, 0u)) >> vec4u(0u, 0u, 1u, 9u);
#else
        let quad_${i} = (vec4u(word_${r}_${s * 4 + i / 2}) << vec4u(19u, 11u, 3u, 0u)) >> vec4u(0u, 0u, 0u, 5u);
#endif
#elif LAYOUT == 3
        let pairs_${i} = (word_${r}_${s * 3 + i / 4} >> ${i % 4 * 2}u) & 0x03030303u;
        let codes_${i} = (pairs_${i} << 1u) | ((word_${r}_${s * 3 + 2} >> ${i}u) & 0x01010101u);
        let quad_${i} = (vec4u(codes_${i}) << vec4u(20u, 12u, 4u, 0u)) >> vec4u(0u, 0u, 0u, 4u);
#else
        let pairs_${i} = word_${r}_${s * 2 + i / 4} >> ${i % 4 * 2}u;
        let quad_${i} = (vec4u(pairs_${i}) << vec4u(21u, 13u, 5u, 0u)) >> vec4u(0u, 0u, 0u, 3u);
#endif
        dotted += dot(bitcast<vec4f>((quad_${i} & vec4u(${MANTISSA}u)) | vec4u(0x3f800000u)), x_${i});
#endfor
#endif
        let byte = scales_${r} >> ${s * 8}u;
        let shift = select(shift_${r}, -shift_${r}, (byte & 0x80u) != 0u);
        sum_${r} += f32(byte & 0x7fu) * (dotted * of_group.x + (centre + shift) * of_group.y);
      }
#endfor
    }
#endfor
  }
#if SUBGROUP
#for r in ROWS
  sum_${r} = subgroupAdd(sum_${r});
#endfor
#endif
#if SHARES == 1
#for r in OUT_ROWS
  if (lane == ${r % LANES}u) {
#if GATED
    finish(first + ${r}u, sum_${r}, sum_${r + OUT_ROWS}, norm);
#else
    finish(first + ${r}u, sum_${r}, 0.0, norm);
#endif
  }
#endfor
#else
#if SUBGROUP
  if (thread % ${SUBGROUP}u == 0u) {
#for r in ROWS
    partials[${r * SHARES * SETS}u + thread / ${SUBGROUP}u] = sum_${r};
#endfor
  }
#else
#for r in ROWS
  partials[${r * SHARES * SETS}u + thread] = sum_${r};
#endfor
#endif
  workgroupBarrier();
  for (var r = lane; r < ${OUT_ROWS}u; r += ${LANES}u) {
    let start = thread / ${LANES}u * ${SHARES}u + r * ${SHARES * SETS}u;
    var mine = 0.0;
    var other = 0.0;
    for (var i = 0u; i < ${SHARES}u; i++) {
      mine += partials[start + i];
#if GATED
      other += partials[start + ${OUT_ROWS * SHARES * SETS}u + i];
#endif
    }
    finish(first + r, mine, other, norm);
  }
#if TILES > 1
  workgroupBarrier();
#endif
#endif
  }
#endfor
}

/// Scales a row's sum, or the sums of the two rows that are one output, and stores it.
fn finish(row: u32, sum: f32, other: f32, norm: f32) {
  if (row >= matrix.rows) {
    return;
  }
  let product = sum * row_scales[row] * (norm / 127.0);
#if GATED
  put(matrix.first_row + row, product / (1.0 + exp(-product)) * (other * row_scales[matrix.rows + row] * (norm / 127.0)));
#else
  put(matrix.first_row + row, product);
#endif
}

fn put(row: u32, value: f32) {
#if OUTS > 2
  if (row >= matrix.starts.y) {
    out_2[row - matrix.starts.y] = value;
    return;
  }
#endif
#if OUTS > 1
  if (row >= matrix.starts.x) {
    out_1[row - matrix.starts.x] = value;
    return;
  }
#endif
#if ADD
  out[row] += value;
#else
  out[row] = value;
#endif
}

fn shift_of(row: u32) -> f32 {
#if GATED
  return select(matrix.shifts.x, matrix.shifts.y, row >= matrix.rows);
#elif OUTS > 1
  let tensor_row = matrix.first_row + row;
  return select(select(matrix.shifts.x, matrix.shifts.y, tensor_row >= matrix.starts.x), matrix.shifts.z, tensor_row >= matrix.starts.y);
#else
  return matrix.shifts.x;
#endif
}

#if PACKED
/// Rounds the activations into workgroup memory, PARTS neighbouring threads a group; the thread's share of the sum of
/// x^2. Every thread takes part in every exchange.
fn stage(thread: u32) -> f32 {
  var squares = 0.0;
  for (var start = 0u; start < ${GROUPS * PARTS}u; start += ${THREADS * ROUNDS}u) {
    // All that this thread will round is asked for at once.
#for n in ROUNDS
    let source_${n} = min((start + ${n * THREADS}u + thread) / ${PARTS}u, ${GROUPS - 1}u) * 8u + thread % ${PARTS}u;
#for i in 8 / PARTS
    let input_${n}_${i} = x[source_${n} + ${i * PARTS}u];
#if NORM
    let gain_${n}_${i} = gain[source_${n} + ${i * PARTS}u];
#endif
#endfor
#endfor
#for n in ROUNDS
    {
    let g = (start + ${n * THREADS}u + thread) / ${PARTS}u;
    let part = thread % ${PARTS}u;
    var most = vec4u(0u);
#for i in 8 / PARTS
    var x_${i} = input_${n}_${i};
#if NORM
    squares += select(0.0, dot(x_${i}, x_${i}), g < ${GROUPS}u);
    x_${i} *= gain_${n}_${i};
#endif
    // As integers: their order is that of the sizes, and what is no number is above all.
    most = max(most, bitcast<vec4u>(x_${i}) & vec4u(0x7fffffffu));
#endfor
    var most_bits = max(max(most.x, most.y), max(most.z, most.w));
#for e in EXCHANGES
    most_bits = max(most_bits, subgroupShuffleXor(most_bits, 1u << ${e}u));
#endfor
    let largest = bitcast<f32>(most_bits);
    let scale = select(0.0, ${LARGEST}.0 / largest, largest > 1e-30);
    var totals = vec4i(0);
#for i in 8 / PARTS
    let whole_${i} = vec4i(round(x_${i} * scale));
    totals += whole_${i};
#if PACKED == 2
    let high_${i} = (whole_${i} + vec4i(128)) >> vec4u(8u);
    let high_word_${i} = pack4xI8(high_${i});
    let low_word_${i} = pack4xI8(whole_${i} - (high_${i} << vec4u(8u)));
#else
    let high_word_${i} = pack4xI8(whole_${i});
#endif
#endfor
    var total = totals.x + totals.y + totals.z + totals.w;
#for e in EXCHANGES
    total += subgroupShuffleXor(total, 1u << ${e}u);
#endfor
    let at = g % ${SPAN}u * ${RUNS}u + g / ${SPAN}u;
    // The four words of a vector come together in the thread that stores it.
#if PARTS == 1
#for half in 2
    if (g < ${GROUPS}u) {
      high[${half * SPAN * RUNS}u + at] = vec4u(high_word_${4 * half}, high_word_${4 * half + 1}, high_word_${4 * half + 2}, high_word_${4 * half + 3});
#if PACKED == 2
      low[${half * SPAN * RUNS}u + at] = vec4u(low_word_${4 * half}, low_word_${4 * half + 1}, low_word_${4 * half + 2}, low_word_${4 * half + 3});
#endif
    }
#endfor
#else
#for i in 8 / PARTS
    let high_words_${i} = vec4u(high_word_${i}, subgroupShuffleXor(high_word_${i}, 1u), subgroupShuffleXor(high_word_${i}, 2u), subgroupShuffleXor(high_word_${i}, 3u));
#if PACKED == 2
    let low_words_${i} = vec4u(low_word_${i}, subgroupShuffleXor(low_word_${i}, 1u), subgroupShuffleXor(low_word_${i}, 2u), subgroupShuffleXor(low_word_${i}, 3u));
#endif
    if (part % 4u == 0u && g < ${GROUPS}u) {
      high[(${i}u + part / 4u) * ${SPAN * RUNS}u + at] = high_words_${i};
#if PACKED == 2
      low[(${i}u + part / 4u) * ${SPAN * RUNS}u + at] = low_words_${i};
#endif
    }
#endfor
#endif
    if (part == 0u && g < ${GROUPS}u) {
      let unit = largest / ${LARGEST}.0;
      sums[at] = vec2f(2.0 * matrix.cell * unit, unit * f32(total));
    }
    }
#endfor
  }
  return squares;
}
#elif NORM
/// The thread's share of the sum of x^2.
fn sum_of_squares(thread: u32) -> f32 {
  var squares = 0.0;
  for (var i = thread; i < ${GROUPS * 8}u; i += ${THREADS}u) {
    squares += dot(x[i], x[i]);
  }
  return squares;
}
#endif
