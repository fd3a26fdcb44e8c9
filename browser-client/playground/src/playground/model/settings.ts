import type { BackendName, GenerateOptions, Pin } from '../../../../src';

/** How keys and values may be kept: as 32-bit floats or in codes of so many bits. */
export const KV_CHOICES = Object.freeze(['f32', 'q8', 'q4', 'q3', 'q2'] as const);
export type KvChoice = (typeof KV_CHOICES)[number];

/** What the settings panel holds. `null` in a pin leaves the choice to the planner. */
export interface Settings {
  readonly greedy: boolean;
  readonly temperature: number;
  readonly topP: number;
  readonly maxTokens: number;
  readonly pinBits: number | null;
  readonly pinBackend: BackendName | null;
  readonly pinContext: number | null;
  readonly pinKv: KvChoice | null;
}

export const DEFAULT_SETTINGS: Settings = Object.freeze({
  greedy: false,
  temperature: 0.7,
  topP: 0.95,
  maxTokens: 160,
  pinBits: null,
  pinBackend: null,
  pinContext: null,
  pinKv: null,
});

/** Ranges of the sliders, inclusive. */
export const RANGES = Object.freeze({
  temperature: { min: 0.1, max: 1.5, step: 0.05 },
  topP: { min: 0.05, max: 1, step: 0.05 },
  maxTokens: { min: 16, max: 512, step: 16 },
});

export const CONTEXT_CHOICES = Object.freeze([256, 512, 1024, 2048, 4096]);

export function generateOptions(settings: Settings): GenerateOptions {
  const { greedy, temperature, topP, maxTokens } = settings;
  return greedy ? { greedy, maxTokens, returnTokenIds: true } : { temperature, topP, maxTokens, returnTokenIds: true };
}

/** The pin for the planner, or undefined when everything is left to it. */
export function pinOf(settings: Settings): Pin | undefined {
  const { pinBits, pinBackend, pinContext, pinKv } = settings;
  if (pinBits === null && pinBackend === null && pinContext === null && pinKv === null) return undefined;
  return {
    ...(pinBits === null ? {} : { bits: pinBits }),
    ...(pinBackend === null ? {} : { backend: pinBackend }),
    ...(pinContext === null ? {} : { maxContext: pinContext }),
    ...(pinKv === null ? {} : { kv: pinKv }),
  };
}

/** Two loads with the same key lead to the same plan, so that the loaded model can be used again. */
export function loadKey(model: string, settings: Settings): string {
  return JSON.stringify([model, pinOf(settings) ?? null]);
}

/** Reads remembered settings; whatever is missing or out of range falls back to the default. */
export function parseSettings(stored: string | null): Settings {
  const raw = parseObject(stored);
  const within = (key: keyof typeof RANGES): number => {
    const value = raw[key];
    const { min, max } = RANGES[key];
    return typeof value === 'number' && value >= min && value <= max ? value : DEFAULT_SETTINGS[key];
  };
  const backend = raw['pinBackend'];
  return {
    greedy: raw['greedy'] === true,
    temperature: within('temperature'),
    topP: within('topP'),
    maxTokens: within('maxTokens'),
    pinBits: positive(raw['pinBits']),
    pinBackend: backend === 'wasm' || backend === 'webgpu' ? backend : null,
    pinContext: positive(raw['pinContext']),
    pinKv: KV_CHOICES.find((choice) => choice === raw['pinKv']) ?? null,
  };
}

function parseObject(stored: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(stored ?? '{}');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function positive(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : null;
}
