import type { FinishReason, GenerationStats } from '../../../../src';
import * as format from '../../shared/format';

/** One generation as the page follows it. Times are `performance.now()` milliseconds. */
export interface Writing {
  readonly phase: 'idle' | 'prefill' | 'writing' | 'done' | 'stopped' | 'failed';
  readonly prompt: string;
  readonly text: string;
  readonly tokens: number;
  readonly startedAt: number;
  readonly firstTokenAt: number | null;
  readonly lastTokenAt: number | null;
  readonly stats: GenerationStats | null;
}

export const NOTHING_WRITTEN: Writing = Object.freeze({
  phase: 'idle',
  prompt: '',
  text: '',
  tokens: 0,
  startedAt: 0,
  firstTokenAt: null,
  lastTokenAt: null,
  stats: null,
});

export function beginWriting(prompt: string, now: number): Writing {
  return { ...NOTHING_WRITTEN, phase: 'prefill', prompt, startedAt: now };
}

/** Adds a piece; `tokens` is how many tokens it was made of. */
export function addPiece(writing: Writing, text: string, tokens: number, now: number): Writing {
  return {
    ...writing,
    phase: 'writing',
    text: writing.text + text,
    tokens: writing.tokens + tokens,
    firstTokenAt: writing.firstTokenAt ?? now,
    lastTokenAt: now,
  };
}

export function endWriting(writing: Writing, phase: 'done' | 'stopped' | 'failed', stats: GenerationStats | null): Writing {
  return { ...writing, phase, stats, tokens: stats?.tokens ?? writing.tokens };
}

/** One of the figures beside the output. */
export interface Figure {
  readonly label: string;
  readonly value: string;
  readonly unit?: string;
}

const UNKNOWN = '–';

/** Measured by the client once the generation has ended; by the page, live, before that. */
export function figuresOf(writing: Writing): Figure[] {
  const { stats } = writing;
  const rate = stats ? stats.tokensPerSecond : liveRate(writing);
  const first = stats ? stats.timeToFirstTokenMs : writing.firstTokenAt === null ? null : writing.firstTokenAt - writing.startedAt;
  return [
    { label: 'Speed', value: rate === null ? UNKNOWN : format.number(rate, rate < 100 ? 1 : 0), unit: 'tokens/s' },
    { label: 'First token', ...split(first) },
    { label: 'Prompt', value: stats ? format.number(stats.promptTokens) : UNKNOWN, unit: 'tokens' },
    { label: 'Written', value: writing.phase === 'idle' ? UNKNOWN : format.number(writing.tokens), unit: 'tokens' },
  ];
}

/** Tokens a second over the tokens after the first, as the client reckons; null before the second. */
export function liveRate(writing: Writing): number | null {
  const { firstTokenAt, lastTokenAt, tokens } = writing;
  if (firstTokenAt === null || lastTokenAt === null || tokens < 2 || lastTokenAt <= firstTokenAt) return null;
  return ((tokens - 1) * 1000) / (lastTokenAt - firstTokenAt);
}

function split(ms: number | null): { value: string; unit: string } {
  if (ms === null) return { value: UNKNOWN, unit: 'ms' };
  const [value = UNKNOWN, unit = 'ms'] = format.duration(ms).split(' ');
  return { value, unit };
}

const ENDINGS: Readonly<Record<FinishReason, string>> = {
  'end-of-text': 'The model ended the text.',
  'max-tokens': 'Reached the token limit of the settings.',
  'context-full': 'The context is full.',
  aborted: 'Stopped.',
};

/** Why the text ends where it ends; empty while it is being written. */
export function endingOf(writing: Writing): string {
  if (writing.phase === 'stopped') return ENDINGS.aborted;
  if (writing.phase === 'failed') return 'Ended by an error.';
  return writing.phase === 'done' && writing.stats ? ENDINGS[writing.stats.finish] : '';
}
