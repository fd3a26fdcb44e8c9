import { groupsOf, type LayoutWidth } from '../src/codec/layout';
import type { PackedStack } from '../src/kernels/webgpu/fast-multiply';
import type { GpuContext } from '../src/kernels/webgpu/gpu-context';
import type { GpuFloats } from '../src/kernels/webgpu/gpu-floats';

const NOISE = Uint32Array.from({ length: 1 << 22 }, () => Math.floor(Math.random() * 2 ** 32));

/** Random weights: time does not depend on their values. */
export function randomStack(context: GpuContext, rows: number, cols: number, layout: LayoutWidth, tensors = 1): PackedStack {
  const groups = groupsOf(cols);
  return {
    rows, groups, layout, depth: layout,
    matrices: Array.from({ length: tensors }, (_, i) => ({ firstRow: Math.floor((i * rows) / tensors), shape: { shift: 0.05 } })),
    parts: [{
      firstRow: 0,
      rowCount: rows,
      codes: noise(context, rows * groups * layout * 4),
      scaleBytes: noise(context, rows * groups),
      rowScales: filled(context, new Float32Array(rows).fill(0.01)),
    }],
  };
}

/** Bytes that a product reads of a stack. */
export function stackBytes({ rows, groups, layout }: PackedStack): number {
  return rows * (groups * (layout * 4 + 1) + 4);
}

export function releaseStack(context: GpuContext, { parts }: PackedStack): void {
  for (const { codes, scaleBytes, rowScales } of parts) for (const buffer of [codes, scaleBytes, rowScales]) context.release(buffer);
}

export function randomFloats(context: GpuContext, width: number, rows: number): GpuFloats {
  const values = Float32Array.from({ length: width * rows }, () => Math.random() - 0.5);
  return { buffer: filled(context, values), width, stride: width, length: width * rows, transient: false };
}

/** Normally distributed numbers. */
export function normalFloats(context: GpuContext, width: number, deviation: number): GpuFloats {
  const normal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
  const values = Float32Array.from({ length: width }, () => deviation * normal());
  return { buffer: filled(context, values), width, stride: width, length: width, transient: false };
}

function noise(context: GpuContext, bytes: number): GPUBuffer {
  const buffer = context.storage('noise', bytes);
  for (let at = 0; at < buffer.size; at += NOISE.byteLength) {
    context.device.queue.writeBuffer(buffer, at, NOISE, 0, Math.min(NOISE.length, (buffer.size - at) / 4));
  }
  return buffer;
}

function filled(context: GpuContext, values: Float32Array<ArrayBuffer>): GPUBuffer {
  const buffer = context.storage('floats', values.byteLength);
  context.device.queue.writeBuffer(buffer, 0, values);
  return buffer;
}
