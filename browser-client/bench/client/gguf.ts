import { readFileSync } from 'node:fs';
import { readCheckpoint, type CheckpointTensor } from '../../test/fixtures/safetensors';

// A Llama checkpoint as a GGUF file (version 3) with every matrix in Q4_0: what wllama reads. The embedding is Q4_0 too,
// where llama.cpp's own tool would spend 6.6 bits a weight on it, so the peer reads the fewest bytes it can.

const ALIGNMENT = 32;
const BLOCK = 32;
const Q4_0_BYTES = 18;
const TYPE = { u32: 4, f32: 6, string: 8, array: 9, i32: 5 } as const;
const TENSOR_F32 = 0;
const TENSOR_Q4_0 = 2;
const TOKEN_NORMAL = 1;
const TOKEN_CONTROL = 3;

/** @param folder a Llama checkpoint in bfloat16 with tied embeddings and a byte-level BPE tokenizer */
export function writeGguf(folder: string): Uint8Array<ArrayBuffer> {
  const config = readJson(`${folder}/config.json`);
  const tensors = readCheckpoint(`${folder}/model.safetensors`).map((tensor) => ggufTensor(tensor, config));
  const metadata = [...architecture(config), ...tokenizer(readJson(`${folder}/tokenizer.json`), config)];
  const head = [Buffer.from('GGUF'), u32(3), u64(tensors.length), u64(metadata.length), ...metadata];
  let offset = 0;
  for (const { name, dimensions, type, data } of tensors) {
    head.push(text(name), u32(dimensions.length), ...dimensions.map(u64), u32(type), u64(offset));
    offset += aligned(data.length);
  }
  return new Uint8Array(Buffer.concat([padded(Buffer.concat(head)), ...tensors.map(({ data }) => padded(data))]));
}

type Json = Record<string, any>;

function architecture(config: Json): Buffer[] {
  const count = (key: string, value: number) => entry(`llama.${key}`, TYPE.u32, u32(value));
  return [
    entry('general.architecture', TYPE.string, text('llama')),
    entry('general.file_type', TYPE.u32, u32(2)),
    entry('general.quantization_version', TYPE.u32, u32(2)),
    count('context_length', config['max_position_embeddings']),
    count('embedding_length', config['hidden_size']),
    count('block_count', config['num_hidden_layers']),
    count('feed_forward_length', config['intermediate_size']),
    count('attention.head_count', config['num_attention_heads']),
    count('attention.head_count_kv', config['num_key_value_heads']),
    count('rope.dimension_count', config['head_dim']),
    count('vocab_size', config['vocab_size']),
    entry('llama.rope.freq_base', TYPE.f32, f32(config['rope_parameters']['rope_theta'])),
    entry('llama.attention.layer_norm_rms_epsilon', TYPE.f32, f32(config['rms_norm_eps'])),
  ];
}

function tokenizer({ model, added_tokens: added }: Json, config: Json): Buffer[] {
  const tokens = Object.entries(model['vocab'] as Record<string, number>).sort((a, b) => a[1] - b[1]).map(([token]) => token);
  const control = new Set((added as { id: number }[]).map(({ id }) => id));
  const merges = (model['merges'] as string[][]).map((pair) => pair.join(' '));
  return [
    entry('tokenizer.ggml.model', TYPE.string, text('gpt2')),
    entry('tokenizer.ggml.pre', TYPE.string, text('gpt-2')),
    list('tokenizer.ggml.tokens', TYPE.string, tokens.map(text)),
    list('tokenizer.ggml.token_type', TYPE.i32, tokens.map((_, id) => u32(control.has(id) ? TOKEN_CONTROL : TOKEN_NORMAL))),
    list('tokenizer.ggml.merges', TYPE.string, merges.map(text)),
    entry('tokenizer.ggml.bos_token_id', TYPE.u32, u32(config['bos_token_id'])),
    entry('tokenizer.ggml.eos_token_id', TYPE.u32, u32(config['eos_token_id'])),
  ];
}

const LAYER_NAMES: Readonly<Record<string, string>> = {
  input_layernorm: 'attn_norm', post_attention_layernorm: 'ffn_norm', q_proj: 'attn_q', k_proj: 'attn_k', v_proj: 'attn_v',
  o_proj: 'attn_output', gate_proj: 'ffn_gate', up_proj: 'ffn_up', down_proj: 'ffn_down',
};

function ggufName(name: string): string {
  if (name === 'model.embed_tokens.weight') return 'token_embd.weight';
  if (name === 'model.norm.weight') return 'output_norm.weight';
  const [, layer, part] = /^model\.layers\.(\d+)\.(?:\w+\.)?(\w+)\.weight$/.exec(name)!;
  return `blk.${layer}.${LAYER_NAMES[part!]}.weight`;
}

function ggufTensor({ name, rows, cols, values }: CheckpointTensor, config: Json) {
  if (rows === 1) return { name: ggufName(name), dimensions: [cols], type: TENSOR_F32, data: Buffer.from(values.buffer) };
  const heads = name.includes('q_proj') ? config['num_attention_heads'] : name.includes('k_proj') ? config['num_key_value_heads'] : 0;
  const ordered = heads > 0 ? interleaveHalves(values, rows / heads, cols) : values;
  return { name: ggufName(name), dimensions: [cols, rows], type: TENSOR_Q4_0, data: quantize(ordered) };
}

/** llama.cpp rotates neighbouring rows of a head where transformers rotates row i with row i + half. */
function interleaveHalves(values: Float32Array, headRows: number, cols: number): Float32Array {
  const ordered = new Float32Array(values.length);
  for (let row = 0; row * cols < values.length; row++) {
    const inHead = row % headRows;
    const half = headRows / 2;
    const target = row - inHead + 2 * (inHead % half) + Math.floor(inHead / half);
    ordered.set(values.subarray(row * cols, (row + 1) * cols), target * cols);
  }
  return ordered;
}

/** Q4_0: per 32 weights a half-precision step, the largest weight by size / -8, and nibbles that mean code - 8. */
function quantize(values: Float32Array): Buffer {
  const out = Buffer.alloc((values.length / BLOCK) * Q4_0_BYTES);
  for (let block = 0; block * BLOCK < values.length; block++) {
    const weights = values.subarray(block * BLOCK, (block + 1) * BLOCK);
    const step = weights.reduce((most, weight) => (Math.abs(weight) > Math.abs(most) ? weight : most), 0) / -8;
    const inverse = step === 0 ? 0 : 1 / step;
    const at = block * Q4_0_BYTES;
    out.writeUInt16LE(toHalf(step), at);
    for (let i = 0; i < 16; i++) out[at + 2 + i] = code(weights[i]!, inverse) | (code(weights[i + 16]!, inverse) << 4);
  }
  return out;
}

function code(weight: number, inverse: number): number {
  return Math.min(15, Math.trunc(weight * inverse + 8.5));
}

/** The nearest half-precision float of a number between 2^-14 and 65504 in size; smaller ones become zero. */
function toHalf(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer)[0]!;
  const rounded = (bits & 0x7fffffff) + 0x1000;
  const half = (rounded >>> 13) - (112 << 10);
  return half < 1024 ? 0 : ((bits >>> 16) & 0x8000) | half;
}

function readJson(path: string): Json {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function entry(key: string, type: number, value: Buffer): Buffer {
  return Buffer.concat([text(key), u32(type), value]);
}

function list(key: string, type: number, values: Buffer[]): Buffer {
  return entry(key, TYPE.array, Buffer.concat([u32(type), u64(values.length), ...values]));
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([u64(bytes.length), bytes]);
}

function u32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}

function u64(value: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt(value));
  return buffer;
}

function f32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeFloatLE(value);
  return buffer;
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

function padded(data: Buffer): Buffer {
  return Buffer.concat([data, Buffer.alloc(aligned(data.length) - data.length)]);
}
