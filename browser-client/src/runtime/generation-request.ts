import { FacetError } from '../errors';
import type { TextTokenizer } from '../tokenizer/text-tokenizer';
import type { ModelConfig } from '../transport/wire';
import type { GenerateSettings } from '../worker/protocol';
import type { GenerationRequest } from './generation';
import type { SamplingOptions } from './sampler';

const DEFAULTS = { maxTokens: 256, temperature: 0.8, topK: 40, topP: 0.95 } as const;

/**
 * Settings as a caller gave them, checked and completed.
 *
 * @throws FacetError `invalid-argument`, naming the setting
 */
export function toRequest(
  prompt: string, settings: GenerateSettings, tokenizer: TextTokenizer, config: ModelConfig, signal: AbortSignal,
): GenerationRequest {
  const maxTokens = settings.maxTokens ?? DEFAULTS.maxTokens;
  check(Number.isInteger(maxTokens) && maxTokens >= 0, 'maxTokens', 'a whole number from 0 on');
  return {
    prompt: settings.ids ? checkedIds(settings.ids, config.vocabSize) : tokenizer.encode(prompt),
    maxTokens,
    stopTokens: new Set(settings.ignoreEos ? [] : config.eosTokenIds),
    sampling: samplingOf(settings),
    signal,
    reuse: settings.reuse ?? true,
  };
}

function samplingOf(settings: GenerateSettings): SamplingOptions | null {
  const { temperature = DEFAULTS.temperature, topK = DEFAULTS.topK, topP = DEFAULTS.topP } = settings;
  check(Number.isFinite(temperature) && temperature >= 0, 'temperature', 'a number from 0 on');
  check(Number.isInteger(topK) && topK >= 0, 'topK', 'a whole number from 0 on');
  check(topP > 0 && topP <= 1, 'topP', 'above 0 and at most 1');
  if (settings.greedy || temperature === 0) return null;
  const seed = settings.seed ?? crypto.getRandomValues(new Uint32Array(1))[0]!;
  check(Number.isSafeInteger(seed), 'seed', 'a whole number');
  return { temperature, topK, topP, seed };
}

function checkedIds(ids: readonly number[], vocabSize: number): readonly number[] {
  const isToken = (id: number) => Number.isInteger(id) && id >= 0 && id < vocabSize;
  check(Array.isArray(ids) && ids.length > 0 && ids.every(isToken), 'ids', `token ids below ${vocabSize}`);
  return ids;
}

function check(holds: boolean, name: string, wanted: string): void {
  if (!holds) throw new FacetError('invalid-argument', `generate: ${name} must be ${wanted}.`);
}
