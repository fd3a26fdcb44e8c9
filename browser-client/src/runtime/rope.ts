import type { Llama3RopeScaling, ModelConfig } from '../transport/wire';

/** Angle per position of each pair of a head: theta^(-2i / headDim), scaled as the checkpoint asks. */
export function rotaryFrequencies(config: Pick<ModelConfig, 'headDim' | 'ropeTheta' | 'ropeScaling'>): Float64Array {
  const { headDim, ropeTheta, ropeScaling } = config;
  return Float64Array.from({ length: headDim / 2 }, (_, i) => {
    const frequency = ropeTheta ** ((-2 * i) / headDim);
    return ropeScaling ? scaleLlama3(frequency, ropeScaling) : frequency;
  });
}

/** Cosines, then sines, of positions 0 .. capacity-1: two blocks of capacity x headDim / 2. */
export function ropeTable(frequencies: Float64Array, capacity: number): Float32Array {
  const half = frequencies.length;
  const table = new Float32Array(2 * capacity * half);
  for (let position = 0; position < capacity; position++) {
    for (let i = 0; i < half; i++) {
      const angle = position * frequencies[i]!;
      table[position * half + i] = Math.cos(angle);
      table[(capacity + position) * half + i] = Math.sin(angle);
    }
  }
  return table;
}

/**
 * Llama 3's context extension: long waves are slowed by `factor`, short ones kept, those between blended.
 */
function scaleLlama3(frequency: number, scaling: Llama3RopeScaling): number {
  const { factor, lowFreqFactor, highFreqFactor, originalContextLength } = scaling;
  const turns = (originalContextLength * frequency) / (2 * Math.PI);
  if (turns < lowFreqFactor) return frequency / factor;
  if (turns > highFreqFactor) return frequency;
  const blend = (turns - lowFreqFactor) / (highFreqFactor - lowFreqFactor);
  return ((1 - blend) * frequency) / factor + blend * frequency;
}
