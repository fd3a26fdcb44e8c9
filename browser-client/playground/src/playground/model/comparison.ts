import type { Facet, Model } from '../../../../src';

/** Compares texts by the vectors of a text encoder, which it loads when first asked. */
export class Comparison {
  readonly #facet: Facet;
  readonly #modelId: string;
  #model: Promise<Model> | null = null;

  constructor(facet: Facet, modelId: string) {
    this.#facet = facet;
    this.#modelId = modelId;
  }

  /** The cosine of the angle between the texts' vectors: 1 for the same meaning, about 0 for nothing in common. */
  async similarity(first: string, second: string): Promise<number> {
    this.#model ??= this.#facet.load(this.#modelId);
    try {
      const [a, b] = await (await this.#model).embed([first, second]);
      return cosine(a!, b!);
    } catch (thrown) {
      this.#model = null;
      throw thrown;
    }
  }
}

export function cosine(a: Float32Array, b: Float32Array): number {
  let [product, left, right] = [0, 0, 0];
  a.forEach((value, i) => {
    product += value * b[i]!;
    left += value * value;
    right += b[i]! * b[i]!;
  });
  return product / Math.sqrt(left * right);
}
