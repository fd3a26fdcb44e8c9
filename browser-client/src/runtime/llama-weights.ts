import { FacetError } from '../errors';
import type { MatrixUse } from '../kernels/backend';
import type { ModelConfig, TensorEntry } from '../transport/wire';
import type { LayerWeights, LlamaWeights } from './llama-decoder';
import { shapeOf, type WeightStore } from './weight-store';

const EMBEDDING = 'model.embed_tokens.weight';
const HEAD = 'lm_head.weight';
const NORM = 'model.norm.weight';

/** Names of a layer's tensors in a Llama checkpoint. */
const LAYER = {
  attentionNorm: 'input_layernorm.weight',
  query: 'self_attn.q_proj.weight',
  key: 'self_attn.k_proj.weight',
  value: 'self_attn.v_proj.weight',
  output: 'self_attn.o_proj.weight',
  feedForwardNorm: 'post_attention_layernorm.weight',
  gate: 'mlp.gate_proj.weight',
  up: 'mlp.up_proj.weight',
  down: 'mlp.down_proj.weight',
} as const;

/** Tensors of a layer that meet the same activations. */
const STACKS = [
  { names: [LAYER.query, LAYER.key, LAYER.value], norm: true, gated: false, accumulate: false },
  { names: [LAYER.output], norm: false, gated: false, accumulate: true },
  { names: [LAYER.gate, LAYER.up], norm: true, gated: true, accumulate: false },
  { names: [LAYER.down], norm: false, gated: false, accumulate: true },
] as const;

/** Names of the tensors that stand beside this one in a stack, itself among them. */
export function llamaStack(name: string): readonly string[] {
  const [, layer, part] = /^model\.layers\.(\d+)\.(.+)$/.exec(name) ?? [];
  const stack = STACKS.find(({ names }) => (names as readonly string[]).includes(part ?? ''));
  return stack ? stack.names.map((other) => layerTensor(Number(layer), other)) : [name];
}

/** How a Llama decoder will use its matrices. */
export function llamaUses(tensors: readonly TensorEntry[], config: ModelConfig): MatrixUse[] {
  const shapes = new Map(tensors.flatMap((tensor) => (tensor.encoding === 'f32' ? [] : [[tensor.name, shapeOf(tensor)]])));
  const head = { shapes: [shapes.get(config.tiedEmbeddings ? EMBEDDING : HEAD)!], norm: true, gated: false, accumulate: false };
  const layers = Array.from({ length: config.layers }, (_, layer) =>
    STACKS.map(({ names, ...use }) => ({ ...use, shapes: names.map((name) => shapes.get(layerTensor(layer, name))!) })));
  // After a prefill of several tokens the last one's norm is a step of its own.
  return [...layers.flat(), head, { ...head, norm: false }];
}

/** Finds a Llama decoder's weights in a store that has at least their base planes. */
export function llamaWeights(store: WeightStore, config: ModelConfig): LlamaWeights {
  const embedding = store.matrix(EMBEDDING);
  return {
    embedding,
    head: config.tiedEmbeddings ? embedding : store.matrix(HEAD),
    norm: store.constants(NORM),
    layers: Array.from({ length: config.layers }, (_, layer) => layerWeights(store, layer)),
  };
}

/**
 * Refuses a bundle with tensors that this decoder would leave unused: the model would run, but wrongly.
 *
 * @throws FacetError `manifest-invalid`
 */
export function checkLlamaTensors(tensors: readonly TensorEntry[], config: ModelConfig): void {
  const expected = new Set([EMBEDDING, NORM, ...(config.tiedEmbeddings ? [] : [HEAD])]);
  for (let layer = 0; layer < config.layers; layer++) {
    for (const name of Object.values(LAYER)) expected.add(layerTensor(layer, name));
  }
  for (const { name } of tensors) {
    if (expected.delete(name)) continue;
    throw new FacetError('manifest-invalid', `This client does not know what to do with tensor ${name}.`);
  }
  for (const name of expected) throw new FacetError('manifest-invalid', `The bundle has no tensor ${name}.`);
}

function layerWeights(store: WeightStore, layer: number): LayerWeights {
  const matrix = (name: string) => store.matrix(layerTensor(layer, name));
  const constants = (name: string) => store.constants(layerTensor(layer, name));
  return {
    attentionNorm: constants(LAYER.attentionNorm),
    query: matrix(LAYER.query),
    key: matrix(LAYER.key),
    value: matrix(LAYER.value),
    output: matrix(LAYER.output),
    feedForwardNorm: constants(LAYER.feedForwardNorm),
    gate: matrix(LAYER.gate),
    up: matrix(LAYER.up),
    down: matrix(LAYER.down),
  };
}

function layerTensor(layer: number, name: string): string {
  return `model.layers.${layer}.${name}`;
}
