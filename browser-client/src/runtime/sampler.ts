/** How the next token is drawn. */
export interface SamplingOptions {
  readonly temperature: number;
  /** 0 keeps all. */
  readonly topK: number;
  /** 1 keeps all. */
  readonly topP: number;
  readonly seed: number;
}

interface Candidate {
  readonly token: number;
  readonly weight: number;
}

/**
 * Draws tokens by temperature, top-k and top-p, in that order; the same seed, place and logits give the same token.
 */
export class Sampler {
  readonly #options: SamplingOptions;

  constructor(options: SamplingOptions) {
    this.#options = options;
  }

  /**
   * A token, or -1 when a logit is not a finite number.
   *
   * @param index of the token in the answer: each has its own random number, whoever wrote those before it
   */
  draw(logits: Float32Array, index: number): number {
    if (!logits.every(Number.isFinite)) return -1;
    const candidates = this.#candidates(logits);
    const total = candidates.reduce((sum, { weight }) => sum + weight, 0);
    let rest = uniform(this.#options.seed, index) * total;
    for (const { token, weight } of candidates) {
      rest -= weight;
      if (rest < 0) return token;
    }
    return candidates[candidates.length - 1]!.token;
  }

  #candidates(logits: Float32Array): Candidate[] {
    const { temperature, topK, topP } = this.#options;
    const most = largest(logits);
    const weighted: Candidate[] = [];
    const floor = topK > 0 && topK < logits.length ? kthLargest(logits, topK) : -Infinity;
    for (let token = 0; token < logits.length; token++) {
      const logit = logits[token]!;
      if (logit >= floor) weighted.push({ token, weight: Math.exp((logit - most) / temperature) });
    }
    weighted.sort((a, b) => b.weight - a.weight || a.token - b.token);
    return nucleus(topK > 0 ? weighted.slice(0, topK) : weighted, topP);
  }
}

/** The shortest head whose share of the weight reaches `topP`. */
function nucleus(sorted: Candidate[], topP: number): Candidate[] {
  if (topP >= 1) return sorted;
  const wanted = topP * sorted.reduce((sum, { weight }) => sum + weight, 0);
  let sum = 0;
  const end = sorted.findIndex(({ weight }) => (sum += weight) >= wanted);
  return end < 0 ? sorted : sorted.slice(0, end + 1);
}

function largest(values: Float32Array): number {
  let most = -Infinity;
  for (const value of values) if (value > most) most = value;
  return most;
}

/** The k-th largest number, by a min-heap of k. */
function kthLargest(values: Float32Array, k: number): number {
  const heap = new Float32Array(k).fill(-Infinity);
  for (const value of values) {
    if (!(value > heap[0]!)) continue;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= k) break;
      if (child + 1 < k && heap[child + 1]! < heap[child]!) child++;
      if (heap[child]! >= value) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = value;
  }
  return heap[0]!;
}

/** The random number in [0, 1) with this index in the sequence of a 32-bit seed: mulberry32, whose state is a counter. */
export function uniform(seed: number, index: number): number {
  const state = ((seed | 0) + Math.imul(index + 1, 0x6d2b79f5)) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}
