import { Tokenizer } from '@huggingface/tokenizers';
import { FacetError } from '../errors';

/** Text to token ids and back, by the checkpoint's own `tokenizer.json`. */
export class TextTokenizer {
  readonly #tokenizer: Tokenizer;
  readonly #bosTokenId: number | null;

  /**
   * @param file bytes of `tokenizer.json`
   * @param bosTokenId put before every prompt; null for models that have none
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

  /** Ids of a prompt, the beginning-of-text token first where the model has one. */
  encode(text: string): number[] {
    const { ids } = this.#tokenizer.encode(text, { add_special_tokens: false });
    return this.#bosTokenId === null ? ids : [this.#bosTokenId, ...ids];
  }

  /** Text of ids; special tokens leave nothing. */
  decode(ids: readonly number[]): string {
    if (ids.length === 0) return '';
    return this.#tokenizer.decode([...ids], { skip_special_tokens: true, clean_up_tokenization_spaces: false });
  }
}
