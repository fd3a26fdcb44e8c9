import { WHOLE_SPAN, type AttentionSpan } from '../kernels/backend';
import type { DecoderTraits, ModelConfig } from '../transport/wire';

/** A plain Llama decoder. */
const PLAIN: DecoderTraits = {
  activation: 'silu', biases: [], qkNorm: false, postNorms: false, windows: [], windowRopeTheta: null, rotaryDims: null,
  attentionSoftcap: null, finalSoftcap: null,
};

export function traitsOf({ traits }: Pick<ModelConfig, 'traits'>): DecoderTraits {
  return traits ?? PLAIN;
}

/** What the tokens of a layer see. */
export function spanOf(traits: DecoderTraits, layer: number): AttentionSpan {
  const window = traits.windows[layer] || Infinity;
  const softcap = traits.attentionSoftcap;
  return window === Infinity && softcap === null ? WHOLE_SPAN : { window, softcap };
}
