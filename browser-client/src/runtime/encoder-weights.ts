import { FacetError } from '../errors';
import type { Heads, MatrixUse } from '../kernels/backend';
import type { EncoderShape, ModelConfig, TensorEntry } from '../transport/wire';
import type { Affine, EncoderLayerWeights, Norm } from './encoder';
import { shapeOf, type WeightStore } from './weight-store';

const NORMS = { attentionNorm: 'attention_norm', feedForwardNorm: 'feed_forward_norm' } as const;
const LINEAR = {
  query: 'self_attn.q_proj', key: 'self_attn.k_proj', value: 'self_attn.v_proj', output: 'self_attn.o_proj',
  up: 'mlp.up_proj', down: 'mlp.down_proj',
} as const;

/** Layers whose product is added to what is there. */
const ADDED = /\.(self_attn\.o_proj|mlp\.down_proj)\.weight$/;

/** Names of a text encoder's tensors besides its layers'. */
export const TEXT_ENCODER = {
  component: 'text_encoder',
  embedding: 'text_encoder.embed_tokens.weight',
  positions: 'text_encoder.positions.weight',
  segment: 'text_encoder.segment.weight',
  norm: 'text_encoder.norm',
} as const;

/** Names of a vision tower's tensors besides its layers'. */
export const VISION = {
  component: 'vision_encoder',
  patches: 'vision_encoder.patches.weight',
  leading: 'vision_encoder.leading.weight',
  positions: 'vision_encoder.positions.weight',
  norm: 'vision_encoder.norm',
} as const;

/** Names of the layers that turn a tower's vectors to a decoder's, less `.weight` and `.bias`. */
export const PROJECTOR = { first: 'projector.linear_1', second: 'projector.linear_2' } as const;

/** Names of all tensors that turn pictures to vectors. */
export function visionTensors(shape: EncoderShape): string[] {
  const { component, norm, ...single } = VISION;
  const layers = encoderTensors(component, shape);
  return [...Object.values(single), ...bothOf(norm), ...layers, ...bothOf(PROJECTOR.first), ...bothOf(PROJECTOR.second)];
}

/**
 * Refuses a bundle with tensors that a text encoder would leave unused, or that lacks some.
 *
 * @throws FacetError `manifest-invalid`
 */
export function checkTextEncoderTensors(tensors: readonly TensorEntry[], { embedding }: ModelConfig): void {
  const { component, norm, ...single } = TEXT_ENCODER;
  requireTensors(tensors, [
    ...Object.values(single), ...bothOf(norm), ...encoderTensors(component, embedding!.shape),
  ]);
}

/** @throws FacetError `manifest-invalid` unless these are the bundle's tensors */
export function requireTensors(tensors: readonly TensorEntry[], names: readonly string[]): void {
  const expected = new Set(names);
  for (const { name } of tensors) {
    if (expected.delete(name)) continue;
    throw new FacetError('manifest-invalid', `This client does not know what to do with tensor ${name}.`);
  }
  for (const name of expected) throw new FacetError('manifest-invalid', `The bundle has no tensor ${name}.`);
}

/** Names of the tensors of an encoder's layers. */
export function encoderTensors(component: string, { layers }: EncoderShape): string[] {
  const parts = [...Object.values(NORMS), ...Object.values(LINEAR)];
  return Array.from({ length: layers }, (_, layer) => parts.flatMap((part) => bothOf(`${component}.layers.${layer}.${part}`))).flat();
}

/** Names of the tensors that stand beside this one in a stack, itself among them. */
export function encoderStack(name: string): readonly string[] {
  const [, prefix, part] = /^(.+\.layers\.\d+\.)(self_attn\.[qkv]_proj\.weight)$/.exec(name) ?? [];
  return part ? [LINEAR.query, LINEAR.key, LINEAR.value].map((each) => `${prefix}${each}.weight`) : [name];
}

/** How the encoder's matrices among these tensors will be used. */
export function encoderUses(tensors: readonly TensorEntry[]): MatrixUse[] {
  const own = tensors.filter(({ name, encoding }) => !name.startsWith('model.') && name !== 'lm_head.weight' && encoding !== 'f32');
  const shapes = new Map(own.map((tensor) => [tensor.name, shapeOf(tensor)]));
  const first = own.filter(({ name }) => encoderStack(name)[0] === name && name !== TEXT_ENCODER.embedding);
  return first.map(({ name }) => ({
    shapes: encoderStack(name).map((each) => shapes.get(each)!), norm: false, gated: false, accumulate: ADDED.test(name),
  }));
}

/** The heads of an encoder. */
export function encoderHeads({ hiddenSize, heads }: EncoderShape): Heads {
  return { heads, kvHeads: heads, headDim: hiddenSize / heads };
}

export function encoderLayers(store: WeightStore, component: string, { layers }: EncoderShape): EncoderLayerWeights[] {
  return Array.from({ length: layers }, (_, layer) => {
    const prefix = `${component}.layers.${layer}.`;
    const linear = (part: keyof typeof LINEAR) => affineOf(store, prefix + LINEAR[part]);
    return {
      attentionNorm: normOf(store, prefix + NORMS.attentionNorm),
      query: linear('query'),
      key: linear('key'),
      value: linear('value'),
      output: linear('output'),
      feedForwardNorm: normOf(store, prefix + NORMS.feedForwardNorm),
      up: linear('up'),
      down: linear('down'),
    };
  });
}

export function affineOf(store: WeightStore, name: string): Affine {
  return { matrix: store.matrix(`${name}.weight`), bias: store.constants(`${name}.bias`) };
}

export function normOf(store: WeightStore, name: string): Norm {
  return { gain: store.constants(`${name}.weight`), bias: store.constants(`${name}.bias`) };
}

/** A layer's weights and its bias. */
export function bothOf(name: string): string[] {
  return [`${name}.weight`, `${name}.bias`];
}
