import { Tokenizer } from '@huggingface/tokenizers';
import { FacetError } from '../errors';

/** Text to token ids and back, by the checkpoint's own `tokenizer.json`. */
export class TextTokenizer {
  readonly #tokenizer: Tokenizer;
  readonly #bosTokenId: number | null;

  /**
   * @param file bytes of `tokenizer.json`
   * @param bosTokenId put before every text; null for models that have none, below 0 where the tokenizer adds its own
   * @throws FacetError `tokenizer-invalid`
   */
  constructor(file: Uint8Array, bosTokenId: number | null) {
    try {
      this.#tokenizer = new Tokenizer(JSON.parse(new TextDecoder().decode(file)), {});
    } catch (error) {
      throw new FacetError('tokenizer-invalid', 'The tokenizer of this model could not be read.', { cause: error });
    }
    this.#bosTokenId = bosTokenId;
  }

  /** Ids of a text, the beginning-of-text token first where the model has one, else with the tokenizer's own special tokens. */
  encode(text: string): number[] {
    const own = this.#bosTokenId !== null && this.#bosTokenId < 0;
    const { ids } = this.#tokenizer.encode(text, { add_special_tokens: own });
    return this.#bosTokenId === null || own ? ids : [this.#bosTokenId, ...ids];
  }

  /** Ids of a text within a prompt, without any special token before it. */
  encodePlain(text: string): number[] {
    return this.#tokenizer.encode(text, { add_special_tokens: false }).ids;
  }

  /** Text of ids; special tokens leave nothing. */
  decode(ids: readonly number[]): string {
    if (ids.length === 0) return '';
    return this.#tokenizer.decode([...ids], { skip_special_tokens: true, clean_up_tokenization_spaces: false });
  }
}
