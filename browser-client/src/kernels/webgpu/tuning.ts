import { MATMUL_VARIANTS, MATVEC_VARIANTS, type KernelVariants } from '../variants';
import type { GpuTraits } from './gpu-traits';
import { workgroupBytes, type MatvecShape, type MatvecTask } from './matvec-shader';

/** Groups that a lane takes in a row, by layout: loads of 16 bytes, and few loads of scales. */
const SPANS = { 2: 2, 3: 4, 4: 2, 8: 1 } as const;
/** Workgroups below which a matrix leaves much of a large device idle. */
const ENOUGH_WORKGROUPS = 120;
/** Rows above which a workgroup makes two tiles: what it prepares is then prepared half as often. */
const MANY_ROWS = 8192;
/** Threads of a workgroup at most, by variant. */
const WIDEST = { packed: 512, narrow: 128 } as const;

/**
 * How to cut a decode product on this device, or null where only the plain kernels will do. The figures are those that
 * won on the devices measured (docs/performance.md); which arithmetic there is, the device's traits say.
 *
 * @param rows output rows
 */
export function matvecShape(traits: GpuTraits, task: MatvecTask, rows: number): MatvecShape | null {
  if (traits.software) return null;
  const { matvec } = traits.variants;
  const packed = matvec !== 'float' && canPack(traits) && packedShape(traits, task, rows, WIDEST[matvec]);
  if (packed && fits(packed, task, traits)) return packed;
  const float = floatShape(traits, task);
  return fits(float, task, traits) ? float : null;
}

/** The ways to make products that differ on this device, the usual one first. */
export function variantsOf(traits: GpuTraits): { matvec: readonly KernelVariants['matvec'][]; matmul: readonly KernelVariants['matmul'][] } {
  if (traits.software) return { matvec: [], matmul: [] };
  const tiles = MATMUL_VARIANTS.filter((matmul, i) => i === 0 || tileOf(traits, matmul)?.TM !== tileOf(traits, MATMUL_VARIANTS[0])?.TM);
  return { matvec: canPack(traits) ? MATVEC_VARIANTS : [], matmul: tiles };
}

function canPack({ packedDot, subgroup }: GpuTraits): boolean {
  return packedDot && subgroup > 0;
}

/** Activations are rounded once a workgroup, so few large workgroups win. */
function packedShape({ subgroup, invocations }: GpuTraits, task: MatvecTask, rows: number, widest: number): MatvecShape {
  const lanes = Math.max(subgroup, 4);
  const perTeam = task.gated ? 4 : 2;
  const outputs = task.gated ? perTeam / 2 : perTeam;
  let threads = Math.max(lanes, Math.min(widest, 2 ** Math.floor(Math.log2(invocations))));
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
export function matmulTile(traits: GpuTraits): { TM: number; TN: number } | null {
  return tileOf(traits, traits.variants.matmul);
}

function tileOf({ workgroupBytes, invocations }: GpuTraits, matmul: KernelVariants['matmul']): { TM: number; TN: number } | null {
  if (invocations < 256) return null;
  if (matmul === 'large' && workgroupBytes >= 32768) return { TM: 8, TN: 8 };
  return workgroupBytes >= 16384 ? { TM: 4, TN: 4 } : null;
}
