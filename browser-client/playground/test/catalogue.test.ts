import { describe, expect, it } from 'vitest';
import type { ModelPoint, ModelSummary } from '../../src';
import { chosenModel, describe as describeModel, optionsOf, storedBits } from '../src/playground/model/catalogue';

const point = (id: string, bodyBits: number, bytes = 1e6) => ({ id, ladder: '', bodyBits, bitsPerWeight: bodyBits, bytes, quality: null }) as ModelPoint;
const model = (change: Partial<ModelSummary>) =>
  ({ id: 'a', state: 'published', architecture: 'llama', parameters: null, contextLength: null, progress: null, points: [], ...change }) as ModelSummary;

describe('the catalogue', () => {
  it('names stored bits as the planner does: by the id, else by whole bits', () => {
    const points = [point('reference-8', 8.35), point('full-2', 2.29), point('full-4', 4.3), point('other-4', 4.1), point('odd', 3.9)];
    expect(storedBits(model({ points }))).toEqual([2, 3, 4, 8]);
  });

  it('puts what can be used first and leaves out what writes no text', () => {
    const models = [
      model({ id: 'failed', state: 'failed' }),
      model({ id: 'embedder', architecture: 'bert' }),
      model({ id: 'importing', state: 'importing' }),
      model({ id: 'ready' }),
    ];
    expect(optionsOf(models).map((option) => [option.id, option.usable])).toEqual([
      ['ready', true],
      ['failed', false],
      ['importing', false],
    ]);
  });

  it('takes the first wish that can be had', () => {
    const models = [model({ id: 'a' }), model({ id: 'b' }), model({ id: 'c', state: 'failed' })];
    expect(chosenModel(models, null, 'c', 'b')).toBe('b');
    expect(chosenModel(models, 'c')).toBe('a');
    expect(chosenModel([model({ state: 'importing' })], 'a')).toBeNull();
  });

  it('describes a model by what is known', () => {
    expect(describeModel(model({}))).toBe('');
    const points = [point('x-2', 2, 9_100_000), point('x-4', 4, 28_400_000)];
    expect(describeModel(model({ parameters: 29_368_832, contextLength: 1024, points }))).toBe(
      '29.4 M weights · context 1,024 · 2 sizes, 9.1 MB to 28.4 MB',
    );
  });
});
