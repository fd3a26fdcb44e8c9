import type { ModelSummary, Pin, Plan } from '../../src';

/** Frames of the mock model in priority order. */
export function framesOf(bits: number, embeddingBits: number): readonly MockFrame[];

export interface MockFrame {
  readonly stage: 'tokenizer' | 'dense' | 'embedding' | 'head' | 'base' | 'refinement';
  readonly group?: string;
  readonly depth: number;
  readonly planned: number;
  readonly weights: number;
  readonly bytes: number;
}

/** The plan for a pin. */
export function planOf(pin?: Pin): Plan;

/** The published model. */
export const MODEL: ModelSummary;
