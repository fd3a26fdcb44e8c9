import type { GpuTraits } from './gpu-traits';
import { workgroupBytes, type MatvecShape, type MatvecTask } from './matvec-shader';

/** Groups that a lane takes in a row, by layout: loads of 16 bytes, and few loads of scales. */
const SPANS = { 2: 2, 3: 4, 4: 2, 8: 1 } as const;
/** Workgroups below which a matrix leaves much of a large device idle. */
const ENOUGH_WORKGROUPS = 120;
/** Rows above which a workgroup makes two tiles: what it prepares is then prepared half as often. */
const MANY_ROWS = 8192;

/**
 * How to cut a decode product on this device, or null where only the plain kernels will do. The figures are those that
 * won on the devices measured (docs/performance.md); which arithmetic there is, the device's traits say.
 *
 * @param rows output rows
 */
export function matvecShape(traits: GpuTraits, task: MatvecTask, rows: number): MatvecShape | null {
  if (traits.software) return null;
  const packed = packedShape(traits, task, rows);
  if (traits.packedDot && traits.subgroup > 0 && fits(packed, task, traits)) return packed;
  const float = floatShape(traits, task);
  return fits(float, task, traits) ? float : null;
}

/** Activations are rounded once a workgroup, so few large workgroups win. */
function packedShape({ subgroup, invocations }: GpuTraits, task: MatvecTask, rows: number): MatvecShape {
  const lanes = Math.max(subgroup, 4);
  const perTeam = task.gated ? 4 : 2;
  const outputs = task.gated ? perTeam / 2 : perTeam;
  let threads = Math.max(lanes, Math.min(512, 2 ** Math.floor(Math.log2(invocations))));
  while (threads > Math.max(64, lanes) && rows / (outputs * (threads / lanes)) < ENOUGH_WORKGROUPS) threads /= 2;
  const tiles = rows >= MANY_ROWS ? 2 : 1;
  // Where lanes already go round often, one group at a time was faster at 4 bits.
  const span = task.layout === 4 && tiles === 2 && !task.gated ? 1 : SPANS[task.layout];
  return { arithmetic: 'packed16', lanes, sets: threads / lanes, rows: perTeam, tiles, span };
}

function floatShape({ subgroup }: GpuTraits, task: MatvecTask): MatvecShape {
  const lanes = subgroup > 0 ? Math.max(subgroup, 32) : 16;
  return { arithmetic: 'float', lanes, sets: Math.max(1, 128 / lanes), rows: 4, tiles: 1, span: SPANS[task.layout] };
}

function fits(shape: MatvecShape, task: MatvecTask, traits: GpuTraits): boolean {
  const threads = shape.lanes * shape.sets;
  return threads <= traits.invocations && workgroupBytes(shape, task, traits.subgroup) <= traits.workgroupBytes;
}

/** Weight rows and tokens of a thread in prefill, each a multiple of four. */
export function matmulTile({ workgroupBytes, invocations }: GpuTraits): { TM: number; TN: number } | null {
  if (invocations < 256) return null;
  if (workgroupBytes >= 32768) return { TM: 8, TN: 8 };
  return workgroupBytes >= 16384 ? { TM: 4, TN: 4 } : null;
}
