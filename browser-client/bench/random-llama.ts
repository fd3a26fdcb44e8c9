import { groupsOf } from '../src/codec/layout';
import type { MatrixShape } from '../src/codec/packed-tensor';
import type { PlaneSegment } from '../src/codec/segment';
import type { KernelBackend, Matrix, MatrixUse } from '../src/kernels/backend';
import type { LayerWeights, LlamaWeights } from '../src/runtime/llama-decoder';
import type { ModelConfig } from '../src/transport/wire';

const ANCHOR = 4;
const NOISE = Uint32Array.from({ length: 1 << 24 }, () => Math.floor(Math.random() * 2 ** 32));
const NOISE_BYTES = new Uint8Array(NOISE.buffer);

/** A Llama decoder's weights at 4 bits, all random: as fast as real ones. */
export function randomLlama(backend: KernelBackend, config: ModelConfig): LlamaWeights {
  const { hiddenSize, heads, kvHeads, headDim, intermediateSize, vocabSize } = config;
  const stack = (...sizes: [rows: number, cols: number][]) => filled(backend, sizes.map(([rows, cols]) => shape(rows, cols)));
  const gain = () => backend.constants(new Float32Array(hiddenSize).fill(1));
  const layer = (): LayerWeights => {
    const [query, key, value] = stack([heads * headDim, hiddenSize], [kvHeads * headDim, hiddenSize], [kvHeads * headDim, hiddenSize]);
    const [output] = stack([hiddenSize, heads * headDim]);
    const [gate, up] = stack([intermediateSize, hiddenSize], [intermediateSize, hiddenSize]);
    const [down] = stack([hiddenSize, intermediateSize]);
    return {
      attentionNorm: gain(), query: query!, key: key!, value: value!, output: output!,
      feedForwardNorm: gain(), gate: gate!, up: up!, down: down!,
    };
  };
  const [embedding] = stack([vocabSize, hiddenSize]);
  const [head] = stack([vocabSize, hiddenSize]);
  return { embedding: embedding!, head: head!, norm: gain(), layers: Array.from({ length: config.layers }, layer) };
}

/** How `LlamaDecoder` uses them. */
export function randomLlamaUses({ hiddenSize, heads, kvHeads, headDim, intermediateSize, vocabSize }: ModelConfig): MatrixUse[] {
  const [attention, keys] = [heads * headDim, kvHeads * headDim];
  const use = (shapes: MatrixShape[], norm: boolean, gated: boolean, accumulate: boolean) => ({ shapes, norm, gated, accumulate });
  return [
    use([shape(attention, hiddenSize), shape(keys, hiddenSize), shape(keys, hiddenSize)], true, false, false),
    use([shape(hiddenSize, attention)], false, false, true),
    use([shape(intermediateSize, hiddenSize), shape(intermediateSize, hiddenSize)], true, true, false),
    use([shape(hiddenSize, intermediateSize)], false, false, true),
    use([shape(vocabSize, hiddenSize)], true, false, false),
    use([shape(vocabSize, hiddenSize)], false, false, false),
  ];
}

function shape(rows: number, cols: number): MatrixShape {
  return { name: 'random', rows, cols, anchor: ANCHOR, shift: 0.05, depth: ANCHOR };
}

function filled(backend: KernelBackend, shapes: readonly MatrixShape[]): readonly Matrix[] {
  const matrices = backend.stack?.(shapes) ?? shapes.map((each) => backend.matrix(each));
  for (let depth = 2; depth <= ANCHOR; depth++) matrices.forEach((matrix, i) => backend.merge(matrix, randomPlane(shapes[i]!, depth)));
  return matrices;
}

/** A plane in segments that one run of noise fills. */
function randomPlane({ rows, cols }: MatrixShape, depth: number): PlaneSegment[] {
  const groups = groupsOf(cols);
  const rowWords = groups * (depth === 2 ? 2 : 1);
  const most = Math.floor(NOISE.length / rowWords);
  const segments: PlaneSegment[] = [];
  for (let firstRow = 0; firstRow < rows; firstRow += most) {
    const rowCount = Math.min(most, rows - firstRow);
    segments.push({
      depth, firstRow, rowCount,
      rowScales: depth === 2 ? new Uint16Array(rowCount).fill(0x3c80) : null,
      gains: depth < ANCHOR ? new Uint8Array(rowCount).fill(128) : null,
      scaleBytes: depth === 2 ? NOISE_BYTES.subarray(0, rowCount * groups) : null,
      codes: NOISE.subarray(0, rowCount * rowWords),
    });
  }
  return segments;
}
