import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, generateOptions, loadKey, parseSettings, pinOf } from '../src/playground/model/settings';

describe('settings', () => {
  it('survive being remembered', () => {
    const settings = { ...DEFAULT_SETTINGS, greedy: true, temperature: 1.2, pinBits: 3, pinBackend: 'webgpu', pinContext: 384, pinKv: 'q4' } as const;
    expect(parseSettings(JSON.stringify(settings))).toEqual(settings);
  });

  it.each([null, '', '{', '[]', '"x"', 'null', '{"temperature":9,"topP":"1","maxTokens":-1,"pinBits":2.5,"pinBackend":"cuda","pinContext":0.5,"pinKv":"q5"}'])(
    'fall back to the defaults for %s',
    (stored) => expect(parseSettings(stored)).toEqual(DEFAULT_SETTINGS),
  );

  it('pin only what was fixed', () => {
    expect(pinOf(DEFAULT_SETTINGS)).toBeUndefined();
    expect(pinOf({ ...DEFAULT_SETTINGS, pinBits: 8, pinContext: 512, pinKv: 'q2' })).toEqual({ bits: 8, maxContext: 512, kv: 'q2' });
  });

  it('sample unless greedy', () => {
    expect(generateOptions({ ...DEFAULT_SETTINGS, greedy: true })).toEqual({ greedy: true, maxTokens: 160, returnTokenIds: true });
    expect(generateOptions(DEFAULT_SETTINGS)).toMatchObject({ temperature: 0.7, topP: 0.95 });
  });

  it('need another load only when the plan would differ', () => {
    const key = loadKey('a', DEFAULT_SETTINGS);
    expect(loadKey('a', { ...DEFAULT_SETTINGS, temperature: 1 })).toBe(key);
    expect(loadKey('a', { ...DEFAULT_SETTINGS, pinBits: 2 })).not.toBe(key);
    expect(loadKey('b', DEFAULT_SETTINGS)).not.toBe(key);
  });
});
