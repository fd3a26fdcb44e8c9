// The largest of what the workgroups of `argmax.wgsl` found; 0xffffffff when none is a number. It is the next step's token
// too, should that step be recorded before anyone has read it.

struct Call {
  workgroups: u32,
}

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> found: array<vec2u>;
@group(0) @binding(2) var<storage, read_write> winner: array<u32>;
@group(0) @binding(3) var<storage, read_write> tokens: array<u32>;

const NONE = 0xffffffffu;

@compute @workgroup_size(1)
fn main() {
  var best = 0.0;
  var index = NONE;
  for (var i = 0u; i < call.workgroups; i++) {
    let value = bitcast<f32>(found[i].x);
    if (found[i].y != NONE && (index == NONE || value > best)) {
      best = value;
      index = found[i].y;
    }
  }
  winner[0] = index;
  tokens[0] = index;
}
