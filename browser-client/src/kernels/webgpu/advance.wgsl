// Makes the token that was picked last the next step's only one, so that steps can follow each other without the host.

struct Step {
  position: u32,
  count: u32,
}

@group(0) @binding(0) var<storage, read_write> step_info: Step;
@group(0) @binding(1) var<storage, read> picked: array<u32>;
@group(0) @binding(2) var<storage, read_write> tokens: array<u32>;

@compute @workgroup_size(1)
fn main() {
  step_info.position += step_info.count;
  step_info.count = 1u;
  tokens[0] = picked[0];
}
