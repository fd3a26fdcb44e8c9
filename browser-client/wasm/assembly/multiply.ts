import { Kernel } from './kernel';
import { Activations, matmul } from './matmul';
import { matvec } from './matvec';
import { chunksWanted, jobArguments, runJob } from './team';
import { Tensor } from './tensor';

/** Products of the same activations with several tensors, as one job; a unit is four rows of a tensor. */
// @ts-ignore: decorator
@unmanaged
class Products extends Activations {
  accumulate: bool;
  scratch: usize;
  /** Bytes of scratch for each thread. */
  scratchBytes: usize;
  targets: i32;
}

// @ts-ignore: decorator
@unmanaged
class Target {
  tensor: Tensor;
  /** f32 x count x rows */
  out: usize;
}

const ROWS: i32 = 4;
/** Fewer rows than this are no work to share. */
const LEAST_ROWS: i32 = 32;

/** Address of target `index`. */
// @ts-ignore: decorator
@inline
function target(index: i32): Target {
  return changetype<Target>(jobArguments() + offsetof<Products>() + <usize>index * offsetof<Target>());
}

/** Names the tensor and the output of a product of the next `q_multiply`; at most 32. */
export function q_target(index: i32, tensor: usize, out: usize): void {
  const entry = target(index);
  entry.tensor = changetype<Tensor>(tensor);
  entry.out = out;
}

/**
 * The products of activations with the first `targets` tensors that `q_target` has named.
 *
 * @param bytes whether activations are i8 and tensors have at most seven bits; else i16. Needs relaxed SIMD
 * @param values one row in the order of the tensors' layout, or several in their own
 * @param stride floats between the scales of neighbouring activation rows
 * @param accumulate adds to what is there, which makes the residual connection free
 * @param scratch for several rows: threads x `scratchBytes`, of groups x 288 bytes
 */
export function q_multiply(
  bytes: bool, values: usize, scales: usize, sums: usize, stride: i32, count: i32, targets: i32, accumulate: bool,
  scratch: usize, scratchBytes: usize,
): void {
  const products = changetype<Products>(jobArguments());
  products.values = values;
  products.scales = scales;
  products.sums = sums;
  products.stride = stride;
  products.count = count;
  products.accumulate = accumulate;
  products.scratch = scratch;
  products.scratchBytes = scratchBytes;
  products.targets = targets;
  let units = 0;
  for (let i = 0; i < targets; ++i) units += blocks(target(i).tensor);
  const chunk = max(units / chunksWanted(), LEAST_ROWS / ROWS);
  runJob(bytes ? Kernel.MULTIPLY_I8 : Kernel.MULTIPLY_I16, units, chunk);
}

/** Units `first` .. `end` of the job, which count through all targets. */
export function multiplyUnits<A>(first: i32, end: i32, member: i32): void {
  const products = changetype<Products>(jobArguments());
  for (let i = 0; i < products.targets; ++i) {
    const entry = target(i);
    const own = blocks(entry.tensor);
    const from = max(first, 0), to = min(end, own);
    if (from < to) multiplyRows<A>(products, entry, from * ROWS, min(to * ROWS, entry.tensor.rows), member);
    first -= own;
    end -= own;
  }
}

function multiplyRows<A>(products: Products, entry: Target, first: i32, end: i32, member: i32): void {
  const tensor = entry.tensor, out = entry.out, accumulate = products.accumulate;
  if (products.count == 1) {
    matvec<A>(tensor, first, end, products.values, products.scales, products.sums, out, accumulate);
  } else {
    const scratch = products.scratch + <usize>member * products.scratchBytes;
    matmul<A>(tensor, first, end, products, out, accumulate, scratch);
  }
}

// @ts-ignore: decorator
@inline
function blocks(tensor: Tensor): i32 {
  return (tensor.rows + ROWS - 1) / ROWS;
}
