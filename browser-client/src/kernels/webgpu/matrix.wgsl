// The scale side of a packed tensor; put before every shader that turns codes into values.

struct Matrix {
  /// Rows of this part of the tensor.
  rows: u32,
  groups: u32,
  /// The part's first row in the tensor.
  first_row: u32,
  /// 2^-depth.
  cell: f32,
  shift: f32,
  /// The tensor's first row among the rows that are bound.
  origin: u32,
  cols: u32,
}

/// Scale byte of a group, counted from the part's first.
fn scale_byte(index: u32) -> u32 {
  return (scale_bytes[index >> 2u] >> ((index & 3u) << 3u)) & 0xffu;
}

/// s / 127.
fn magnitude(byte: u32) -> f32 {
  return f32(byte & 0x7fu) / 127.0;
}

/// The part of a value that does not depend on the code: 2^-depth - 1 + sign * shift.
fn centre(byte: u32) -> f32 {
  return matrix.cell - 1.0 + select(matrix.shift, -matrix.shift, (byte & 0x80u) != 0u);
}

fn four_scale_bytes(at: vec4u) -> vec4u {
  return vec4u(scale_byte(at.x), scale_byte(at.y), scale_byte(at.z), scale_byte(at.w));
}

fn four_magnitudes(bytes: vec4u) -> vec4f {
  return vec4f(bytes & vec4u(0x7fu)) / 127.0;
}

fn four_centres(bytes: vec4u) -> vec4f {
  return vec4f(centre(bytes.x), centre(bytes.y), centre(bytes.z), centre(bytes.w));
}
