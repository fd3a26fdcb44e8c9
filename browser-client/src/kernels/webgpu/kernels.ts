import { ArgmaxKernel } from './argmax';
import { AttentionKernel } from './attention';
import { ElementwiseKernels } from './elementwise';
import { EmbedKernel } from './embed';
import { EncoderKernels } from './encoder-kernels';
import { FastMultiply } from './fast-multiply';
import { GateMulKernel } from './gate-mul';
import type { GpuContext } from './gpu-context';
import { MergeKernel } from './merge';
import { PlainMultiply } from './plain-multiply';
import { RmsNormKernel } from './rms-norm';
import { RopeStoreKernel } from './rope-store';
import { SampleKernel } from './sample';

/** Every kernel of a device. */
export interface Kernels {
  readonly merge: MergeKernel;
  readonly embed: EmbedKernel;
  readonly norm: RmsNormKernel;
  readonly plain: PlainMultiply;
  readonly fast: FastMultiply;
  readonly ropeStore: RopeStoreKernel;
  readonly attention: AttentionKernel;
  readonly gateMul: GateMulKernel;
  readonly elementwise: ElementwiseKernels;
  readonly encoder: EncoderKernels;
  readonly argmax: ArgmaxKernel;
  readonly sample: SampleKernel;
}

/** Compiles what every model needs; the rest is made when the model is known. */
export async function createKernels(context: GpuContext): Promise<Kernels> {
  const [merge, embed, norm, plain, ropeStore, gateMul, elementwise, argmax, sample] = await Promise.all([
    MergeKernel.create(context),
    EmbedKernel.create(context),
    RmsNormKernel.create(context),
    PlainMultiply.create(context),
    RopeStoreKernel.create(context),
    GateMulKernel.create(context),
    ElementwiseKernels.create(context),
    ArgmaxKernel.create(context),
    SampleKernel.create(context),
  ]);
  const [fast, attention, encoder] = [new FastMultiply(context), new AttentionKernel(context), new EncoderKernels(context)];
  return { merge, embed, norm, plain, fast, ropeStore, attention, gateMul, elementwise, encoder, argmax, sample };
}
