// Deepens packed codes by one refinement plane: reads layout LAYOUT, writes the layout of depth DEPTH. A thread does one
// group.

override DEPTH: u32;

struct Range {
  /// First group of the segment in the tensor part.
  first: u32,
  groups: u32,
}

@group(0) @binding(0) var<uniform> range: Range;
@group(0) @binding(1) var<storage, read> codes: array<u32>;
@group(0) @binding(2) var<storage, read> plane: array<u32>;
@group(0) @binding(3) var<storage, read_write> deeper: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  let group = id.y * workgroups.x * 64u + id.x;
  if (group >= range.groups) {
    return;
  }
  let index = range.first + group;
  let source = index * group_words();
  let word = plane[group];
  if (DEPTH == 3u) {
    deeper[index * 3u] = codes[source];
    deeper[index * 3u + 1u] = codes[source + 1u];
    deeper[index * 3u + 2u] = word;
  } else if (DEPTH == 4u) {
    for (var q = 0u; q < 4u; q++) {
      deeper[index * 4u + q] = refined(source, word, 2u * q) | (refined(source, word, 2u * q + 1u) << 4u);
    }
  } else {
    for (var i = 0u; i < 8u; i++) {
      deeper[index * 8u + i] = refined(source, word, i);
    }
  }
}

/// Codes 4i .. 4i+3 with their new bit.
fn refined(source: u32, word: u32, i: u32) -> u32 {
  return (packed_quad(source, i) << 1u) | ((word >> i) & 0x01010101u);
}
