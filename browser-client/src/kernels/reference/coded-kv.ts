import { codeAffine, codedEnd, KV_BLOCK, KV_SINKS, KV_VALUE_GROUP, roundToHalf, type KvPrecision } from '../kv-format';

/** Keys and values of some tokens, kvHeads x headDim floats a row. */
export interface KvRows {
  readonly keys: readonly Float32Array[];
  readonly values: readonly Float32Array[];
}

/** What queries see of one layer's keys and values that are kept in codes. */
export class CodedLayer {
  readonly #precision: KvPrecision;
  readonly #headDim: number;
  readonly #rows: { keys: Float32Array[]; values: Float32Array[] } = { keys: [], values: [] };
  /** Blocks that some query has seen. */
  #blocks: KvRows[] = [];

  constructor(precision: KvPrecision, headDim: number) {
    this.#precision = precision;
    this.#headDim = headDim;
  }

  store(position: number, key: Float32Array, value: Float32Array): void {
    this.#rows.keys[position] = key.map(roundToHalf);
    this.#rows.values[position] = value.map(roundToHalf);
    this.#blocks = this.#blocks.slice(0, Math.max(0, Math.floor((position - KV_SINKS) / KV_BLOCK)));
  }

  visible(position: number): KvRows {
    const end = codedEnd(position, this.#precision.window);
    while (KV_SINKS + this.#blocks.length * KV_BLOCK < end) this.#blocks.push(this.#code(KV_SINKS + this.#blocks.length * KV_BLOCK));
    const blocks = this.#blocks.slice(0, (end - KV_SINKS) / KV_BLOCK);
    const see = (kind: 'keys' | 'values') => {
      const rows = this.#rows[kind];
      return [...rows.slice(0, Math.min(KV_SINKS, position + 1)), ...blocks.flatMap((block) => block[kind]), ...rows.slice(end, position + 1)];
    };
    return { keys: see('keys'), values: see('values') };
  }

  #code(first: number): KvRows {
    const { keys, values } = this.#precision;
    const block = this.#rows.keys.slice(first, first + KV_BLOCK).map((row) => row.slice());
    for (let channel = 0; channel < block[0]!.length; channel++) {
      const { base, step, codes } = codeAffine(Float32Array.from(block, (row) => row[channel]!), keys);
      block.forEach((row, t) => (row[channel] = base + codes[t]! * step));
    }
    return { keys: block, values: this.#rows.values.slice(first, first + KV_BLOCK).map((row) => this.#codeValue(row, values)) };
  }

  #codeValue(row: Float32Array, bits: KvPrecision['values']): Float32Array {
    const coded = row.slice();
    for (let head = 0; head < row.length; head += this.#headDim) {
      for (let first = head; first < head + this.#headDim; first += KV_VALUE_GROUP) {
        const group = coded.subarray(first, Math.min(first + KV_VALUE_GROUP, head + this.#headDim));
        const { base, step, codes } = codeAffine(group, bits);
        codes.forEach((code, i) => (group[i] = base + code * step));
      }
    }
    return coded;
  }
}
