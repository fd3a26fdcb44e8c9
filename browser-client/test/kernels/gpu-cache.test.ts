import { expect, test } from 'vitest';
import { GpuCache } from '../../src/kernels/webgpu/gpu-cache';
import type { GpuContext } from '../../src/kernels/webgpu/gpu-context';

/** Gives buffers that are nothing but their sizes. */
const context = { storage: (label: string, size: number) => ({ label, size }) } as unknown as GpuContext;
const LLAMA_8B = { layers: 32, kvHeads: 8, headDim: 128, capacity: 8192 };

test('two bits and a window of 128 take at most a fifth of float16 at 8,192 tokens', () => {
  const { bytes } = new GpuCache(context, { ...LLAMA_8B, precision: { keys: 2, values: 2, window: 128 } });
  const float16 = 2 * 32 * 8 * 128 * 8192 * 2;

  expect(bytes / float16).toBeLessThanOrEqual(0.2);
});

test('heads whose width is no multiple of four, and caches without a precision, stay float32', () => {
  const narrow = { layers: 1, kvHeads: 1, headDim: 14, capacity: 100 };
  const kept = [new GpuCache(context, { ...narrow, precision: { keys: 2, values: 2, window: 64 } }), new GpuCache(context, narrow)];

  for (const { bytes, layoutName, precision } of kept) {
    expect({ bytes, layoutName, precision }).toEqual({ bytes: 2 * 14 * 100 * 4, layoutName: 'f32', precision: null });
  }
});
