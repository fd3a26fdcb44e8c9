import { describe, expect, it } from 'vitest';
import { errorsByLayer, kindsOf, laddersOf, shortName, type ReportDocument } from '../src/report/model/report';

const error = (ladder: string, group: string, tensor: string) => ({ ladder, group, tensor, weights: 1, anchor: 4, relativeError: 0.1 });

const REPORT = {
  points: [{ point: { ladder: 'full' } }, { point: { ladder: 'full' } }, { point: { ladder: 'compact' } }],
  tensors: [
    error('full', 'embedding', 'model.embed_tokens.weight'),
    error('full', 'layers.0.qk', 'model.layers.0.self_attn.q_proj.weight'),
    error('full', 'layers.11.gate_up', 'model.layers.11.mlp.up_proj.weight'),
    error('compact', 'layers.0.qk', 'model.layers.0.self_attn.q_proj.weight'),
  ],
} as unknown as ReportDocument;

describe('a report', () => {
  it('has the tensors of the ladder that belong to a layer', () => {
    const dots = errorsByLayer(REPORT, 'full');
    expect(dots.map(({ layer, kind }) => [layer, kind])).toEqual([
      [0, 'qk'],
      [11, 'gate_up'],
    ]);
    expect(kindsOf(dots)).toEqual(['qk', 'gate_up']);
  });

  it('names its ladders once', () => {
    expect(laddersOf(REPORT)).toEqual(['full', 'compact']);
  });

  it('shortens names of tensors', () => {
    expect(shortName('model.layers.3.mlp.down_proj.weight')).toBe('3 mlp.down_proj');
    expect(shortName('model.embed_tokens.weight')).toBe('embed_tokens');
  });
});
