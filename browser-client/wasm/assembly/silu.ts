import { f32x4_exp } from './exp';
import { Kernel } from './kernel';
import { chunksWanted, jobArguments, runJob } from './team';

// @ts-ignore: decorator
@unmanaged
class Gate {
  gate: usize;
  up: usize;
}

/** Floats of a unit. */
const UNIT: i32 = 16;
/** Fewer units than this are no work to share. */
const LEAST: i32 = 64;

/** gate = gate / (1 + e^-gate) * up, over `count` floats, in place; both arrays are padded to 64 bytes. */
export function f32_silu_mul(gate: usize, up: usize, count: i32): void {
  const job = changetype<Gate>(jobArguments());
  job.gate = gate;
  job.up = up;
  const units = (count + UNIT - 1) / UNIT;
  runJob(Kernel.GATE, units, max(units / chunksWanted(), LEAST));
}

export function gateUnits(first: i32, end: i32): void {
  const job = changetype<Gate>(jobArguments());
  const one = f32x4.splat(1);
  const gates = job.gate, ups = job.up;
  for (let at = <usize>first * UNIT * 4; at < <usize>end * UNIT * 4; at += 16) {
    const g = v128.load(gates + at);
    const gated = f32x4.div(f32x4.mul(g, v128.load(ups + at)), f32x4.add(one, f32x4_exp(f32x4.neg(g))));
    v128.store(gates + at, gated);
  }
}
