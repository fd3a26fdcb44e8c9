import type { Facet, Model } from '../../../../src';

/** Asks a model about pictures, which it loads when first asked. */
export class PictureQuestions {
  readonly #facet: Facet;
  readonly #modelId: string;
  #model: Promise<Model> | null = null;

  constructor(facet: Facet, modelId: string) {
    this.#facet = facet;
    this.#modelId = modelId;
  }

  /** @param picture is the model's from then on */
  async answer(picture: ImageBitmap, question: string): Promise<string> {
    this.#model ??= this.#facet.load(this.#modelId);
    try {
      return await (await this.#model).answer(picture, question);
    } catch (thrown) {
      this.#model = null;
      throw thrown;
    }
  }
}
