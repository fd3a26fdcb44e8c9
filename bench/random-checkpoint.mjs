// A Llama checkpoint of random weights, as large as asked: for what depends on size alone.
import { copyFile, mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const HIDDEN = 2048;
const INTERMEDIATE = 5632;
const HEADS = 32;
const KV_HEADS = 8;
const VOCABULARY = 8192;
const BYTES_PER_WEIGHT = 2;
const BLOCK_WEIGHTS = 1 << 20;
const DEVIATION = 0.02;

const kvWidth = (HIDDEN / HEADS) * KV_HEADS;
const LAYER = {
  'input_layernorm.weight': [HIDDEN],
  'self_attn.q_proj.weight': [HIDDEN, HIDDEN],
  'self_attn.k_proj.weight': [kvWidth, HIDDEN],
  'self_attn.v_proj.weight': [kvWidth, HIDDEN],
  'self_attn.o_proj.weight': [HIDDEN, HIDDEN],
  'post_attention_layernorm.weight': [HIDDEN],
  'mlp.gate_proj.weight': [INTERMEDIATE, HIDDEN],
  'mlp.up_proj.weight': [INTERMEDIATE, HIDDEN],
  'mlp.down_proj.weight': [HIDDEN, INTERMEDIATE],
};

const weightsOf = (shape) => shape.reduce((product, size) => product * size, 1);
const bytesOf = (tensors) => Object.values(tensors).reduce((sum, shape) => sum + weightsOf(shape) * BYTES_PER_WEIGHT, 0);

/**
 * Writes a sharded bf16 checkpoint with the tokenizer of another model of the same vocabulary.
 *
 * @param {string} folder to write to
 * @param {number} leastBytes layers are added until the weights take so much
 * @param {string} tokenizer file to copy
 * @returns {Promise<{ layers: number, bytes: number, weights: number }>}
 */
export async function writeRandomCheckpoint(folder, leastBytes, tokenizer) {
  await mkdir(folder, { recursive: true });
  const ends = { 'model.embed_tokens.weight': [VOCABULARY, HIDDEN], 'model.norm.weight': [HIDDEN] };
  const layers = Math.ceil((leastBytes - bytesOf(ends)) / bytesOf(LAYER));
  const shards = [ends];
  for (let i = 0; i < layers; i++) {
    shards.push(Object.fromEntries(Object.entries(LAYER).map(([name, shape]) => [`model.layers.${i}.${name}`, shape])));
  }
  const map = {};
  for (const [i, tensors] of shards.entries()) {
    const file = `model-${String(i + 1).padStart(5, '0')}-of-${String(shards.length).padStart(5, '0')}.safetensors`;
    await writeShard(join(folder, file), tensors, i + 1);
    for (const name of Object.keys(tensors)) map[name] = file;
  }
  const bytes = shards.reduce((sum, tensors) => sum + bytesOf(tensors), 0);
  await writeFile(join(folder, 'model.safetensors.index.json'), JSON.stringify({ metadata: { total_size: bytes }, weight_map: map }));
  await writeFile(join(folder, 'config.json'), JSON.stringify(config(layers)));
  await copyFile(tokenizer, join(folder, 'tokenizer.json'));
  return { layers, bytes, weights: bytes / BYTES_PER_WEIGHT };
}

const config = (layers) => ({
  architectures: ['LlamaForCausalLM'],
  model_type: 'llama',
  hidden_act: 'silu',
  hidden_size: HIDDEN,
  intermediate_size: INTERMEDIATE,
  num_hidden_layers: layers,
  num_attention_heads: HEADS,
  num_key_value_heads: KV_HEADS,
  max_position_embeddings: 2048,
  rms_norm_eps: 1e-5,
  rope_theta: 10000,
  tie_word_embeddings: true,
  vocab_size: VOCABULARY,
  bos_token_id: 0,
  eos_token_id: 0,
  torch_dtype: 'bfloat16',
});

async function writeShard(path, tensors, seed) {
  const header = {};
  let offset = 0;
  for (const [name, shape] of Object.entries(tensors)) {
    const end = offset + weightsOf(shape) * BYTES_PER_WEIGHT;
    header[name] = { dtype: 'BF16', shape, data_offsets: [offset, end] };
    offset = end;
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const file = await open(path, 'w');
  try {
    await file.write(length);
    await file.write(json);
    const random = xorshift(seed);
    for (const shape of Object.values(tensors)) await writeTensor(file, shape, random);
  } finally {
    await file.close();
  }
}

async function writeTensor(file, shape, random) {
  const block = new Uint16Array(Math.min(BLOCK_WEIGHTS, weightsOf(shape)));
  for (let left = weightsOf(shape); left > 0; left -= block.length) {
    const count = Math.min(left, block.length);
    if (shape.length === 1) block.fill(ONE);
    else for (let i = 0; i < count; i++) block[i] = GAUSSIAN[random() & 0xffff];
    await file.write(Buffer.from(block.buffer, 0, count * BYTES_PER_WEIGHT));
  }
}

/** 1 as bfloat16: the upper half of a float32. */
const ONE = 0x3f80;

/** Normally distributed bfloat16 values to draw from (Box and Muller, 1958). */
const GAUSSIAN = Uint16Array.from({ length: 1 << 16 }, (_, i) => {
  const radius = Math.sqrt(-2 * Math.log((i + 0.5) / (1 << 16)));
  const value = new Float32Array([DEVIATION * radius * Math.cos(i * 2.399963)]);
  return new Uint32Array(value.buffer)[0] >>> 16;
});

/** Marsaglia's generator of 32 bits (2003). */
function xorshift(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state;
  };
}
