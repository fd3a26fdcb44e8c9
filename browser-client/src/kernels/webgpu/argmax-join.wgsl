// The largest of what the workgroups of `argmax.wgsl` found; 0xffffffff when one met what is no finite number.

struct Call {
  workgroups: u32,
}

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> found: array<vec2u>;
@group(0) @binding(2) var<storage, read_write> picked: array<u32>;

const NONE = 0xffffffffu;
const BROKEN = 0xfffffffeu;

@compute @workgroup_size(1)
fn main() {
  var best = 0.0;
  var index = NONE;
  for (var i = 0u; i < call.workgroups; i++) {
    let value = bitcast<f32>(found[i].x);
    if (found[i].y == BROKEN) {
      index = NONE;
      break;
    }
    if (found[i].y != NONE && (index == NONE || value > best)) {
      best = value;
      index = found[i].y;
    }
  }
  picked[0] = index;
}
