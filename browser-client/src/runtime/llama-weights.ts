import type { MatrixUse } from '../kernels/backend';
import type { DecoderTraits, LinearLayer, ModelConfig, TensorEntry } from '../transport/wire';
import { traitsOf } from './decoder-traits';
import { requireTensors, visionTensors } from './encoder-weights';
import type { LayerWeights, LlamaWeights } from './llama-decoder';
import { shapeOf, type WeightStore } from './weight-store';

const EMBEDDING = 'model.embed_tokens.weight';
const HEAD = 'lm_head.weight';
const NORM = 'model.norm.weight';

/** Names of a layer's linear layers, less `.weight` or `.bias`; checkpoints of all families are brought to these. */
const LINEAR: Readonly<Record<LinearLayer, string>> = {
  query: 'self_attn.q_proj',
  key: 'self_attn.k_proj',
  value: 'self_attn.v_proj',
  output: 'self_attn.o_proj',
  gate: 'mlp.gate_proj',
  up: 'mlp.up_proj',
  down: 'mlp.down_proj',
};

const [QUERY, KEY, VALUE, OUTPUT, GATE, UP, DOWN] = Object.values(LINEAR).map((name) => `${name}.weight`) as [
  string, string, string, string, string, string, string,
];

/** Names of a layer's norms, as its description asks for them. */
function normNames({ qkNorm, postNorms }: DecoderTraits): Readonly<Partial<Record<Norm, string>>> {
  return {
    attentionNorm: 'input_layernorm.weight',
    ...(qkNorm ? { queryNorm: 'self_attn.q_norm.weight', keyNorm: 'self_attn.k_norm.weight' } : {}),
    ...(postNorms ? { attentionPostNorm: 'post_attention_layernorm.weight' } : {}),
    feedForwardNorm: postNorms ? 'pre_feedforward_layernorm.weight' : 'post_attention_layernorm.weight',
    ...(postNorms ? { feedForwardPostNorm: 'post_feedforward_layernorm.weight' } : {}),
  };
}

type Norm = 'attentionNorm' | 'queryNorm' | 'keyNorm' | 'attentionPostNorm' | 'feedForwardNorm' | 'feedForwardPostNorm';

/** Tensors of a layer that meet the same activations. */
const STACKS = [
  { names: [QUERY, KEY, VALUE], norm: true, gated: false, accumulate: false },
  { names: [OUTPUT], norm: false, gated: false, accumulate: true },
  { names: [GATE, UP], norm: true, gated: true, accumulate: false },
  { names: [DOWN], norm: false, gated: false, accumulate: true },
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
  const accumulates = !traitsOf(config).postNorms;
  const layers = Array.from({ length: config.layers }, (_, layer) =>
    STACKS.map(({ names, ...use }) => ({ ...use, accumulate: use.accumulate && accumulates, shapes: names.map((name) => shapes.get(layerTensor(layer, name))!) })));
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
    layers: Array.from({ length: config.layers }, (_, layer) => layerWeights(store, layer, traitsOf(config))),
  };
}

/**
 * Refuses a bundle with tensors that this decoder would leave unused: the model would run, but wrongly.
 *
 * @throws FacetError `manifest-invalid`
 */
export function checkLlamaTensors(tensors: readonly TensorEntry[], config: ModelConfig): void {
  const names = [EMBEDDING, NORM, ...(config.tiedEmbeddings ? [] : [HEAD]), ...(config.vision ? visionTensors(config.vision.shape) : [])];
  for (let layer = 0; layer < config.layers; layer++) {
    for (const name of layerNames(traitsOf(config))) names.push(layerTensor(layer, name));
  }
  requireTensors(tensors, names);
}

function layerNames(traits: DecoderTraits): string[] {
  const weights = Object.values(LINEAR).map((name) => `${name}.weight`);
  const biases = traits.biases.map((linear) => `${LINEAR[linear]}.bias`);
  return [...weights, ...biases, ...Object.values(normNames(traits))];
}

function layerWeights(store: WeightStore, layer: number, traits: DecoderTraits): LayerWeights {
  const matrix = (name: string) => store.matrix(layerTensor(layer, name));
  const constants = (name: string) => store.constants(layerTensor(layer, name));
  const norms = Object.entries(normNames(traits)).map(([norm, name]) => [norm, constants(name)]);
  const biases = traits.biases.map((linear) => [linear, constants(`${LINEAR[linear]}.bias`)]);
  return {
    ...(Object.fromEntries(norms) as Pick<LayerWeights, Norm>),
    query: matrix(QUERY),
    key: matrix(KEY),
    value: matrix(VALUE),
    output: matrix(OUTPUT),
    gate: matrix(GATE),
    up: matrix(UP),
    down: matrix(DOWN),
    biases: Object.fromEntries(biases),
  };
}

function layerTensor(layer: number, name: string): string {
  return `model.layers.${layer}.${name}`;
}
