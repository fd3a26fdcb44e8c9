import type { Llama3RopeScaling, ModelConfig, RopeScaling } from '../transport/wire';

type RotaryConfig = Pick<ModelConfig, 'headDim' | 'ropeTheta' | 'ropeScaling' | 'traits'>;

/**
 * Angle per position of each pair of a head: theta^(-2i / turned elements), scaled as the checkpoint asks; 0 for pairs that
 * do not turn.
 *
 * @param capacity positions of the run; some models turn otherwise in long contexts
 */
export function rotaryFrequencies(config: RotaryConfig, capacity = 0): Float64Array {
  const { ropeTheta, ropeScaling } = config;
  return frequencies(config, ropeTheta, (frequency, i) => (ropeScaling ? scale(frequency, i, ropeScaling, capacity) : frequency));
}

/** The same for layers with a window. */
export function windowFrequencies(config: RotaryConfig, capacity = 0): Float64Array {
  const theta = config.traits?.windowRopeTheta;
  return theta ? frequencies(config, theta, (frequency) => frequency) : rotaryFrequencies(config, capacity);
}

/**
 * Cosines, then sines, of positions 0 .. capacity-1: two blocks of capacity x headDim / 2.
 *
 * @param amplitude what pairs that turn are multiplied by
 */
export function ropeTable(frequencies: Float64Array, capacity: number, amplitude = 1): Float32Array {
  const half = frequencies.length;
  const table = new Float32Array(2 * capacity * half);
  for (let position = 0; position < capacity; position++) {
    for (let i = 0; i < half; i++) {
      const angle = position * frequencies[i]!;
      const size = frequencies[i] === 0 ? 1 : amplitude;
      table[position * half + i] = size * Math.cos(angle);
      table[(capacity + position) * half + i] = size * Math.sin(angle);
    }
  }
  return table;
}

/** What pairs that turn are multiplied by. */
export function ropeAmplitude({ ropeScaling }: RotaryConfig): number {
  return ropeScaling?.type === 'longrope' ? ropeScaling.amplitude : 1;
}

function frequencies({ headDim, traits }: RotaryConfig, theta: number, scaled: (frequency: number, i: number) => number): Float64Array {
  const turned = traits?.rotaryDims ?? headDim;
  return Float64Array.from({ length: headDim / 2 }, (_, i) => (i < turned / 2 ? scaled(theta ** ((-2 * i) / turned), i) : 0));
}

function scale(frequency: number, i: number, scaling: RopeScaling, capacity: number): number {
  switch (scaling.type) {
    case 'llama3':
      return scaleLlama3(frequency, scaling);
    case 'linear':
      return frequency / scaling.factor;
    case 'longrope': {
      const { originalContextLength, shortFactors, longFactors } = scaling;
      return frequency / (capacity > originalContextLength ? longFactors : shortFactors)[i]!;
    }
  }
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
