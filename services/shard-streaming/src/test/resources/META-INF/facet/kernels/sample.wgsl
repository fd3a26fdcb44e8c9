// A module that tests fetch.
@compute @workgroup_size(64)
fn main() {}
