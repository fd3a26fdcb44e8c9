import type { TokenSampling } from '../src/kernels/backend';
import type { GpuContext } from '../src/kernels/webgpu/gpu-context';
import { SampleKernel } from '../src/kernels/webgpu/sample';
import { normalFloats } from './random-stack';
import type { Row } from './report';
import type { Stopwatch } from './stopwatch';

const DRAWS = 32;
/** About the spread of real logits. */
const DEVIATION = 3;

/** A way of drawing tokens. */
export interface SamplingCase {
  readonly name: string;
  readonly topK: number;
  readonly topP: number;
}

/** Milliseconds of one draw on the device's clock, one after the other. */
export async function benchSampling(
  context: GpuContext, watch: Stopwatch, count: number, { name, topK, topP }: SamplingCase,
): Promise<Row> {
  const kernel = await SampleKernel.create(context);
  const logits = normalFloats(context, count, DEVIATION);
  const [step, picked] = [context.uniform('benchSampling.step', [0, 1]), context.storage('benchSampling.picked', 4)];
  const sampling: TokenSampling = { temperature: 0.8, topK, topP, seed: 1, origin: 0 };
  const { pipeline, bindings } = kernel.sample(logits, count, sampling, step, picked);
  const nanoseconds = await watch.median((pass) => {
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindings);
    for (let i = 0; i < DRAWS; i++) pass.dispatchWorkgroups(1);
  });
  context.release(logits.buffer);
  return { name: `${name} of ${count} logits`, value: nanoseconds / DRAWS / 1e6, unit: 'ms', better: 'lower' };
}
