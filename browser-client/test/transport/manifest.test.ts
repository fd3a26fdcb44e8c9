import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { parseManifest } from '../../src/transport/manifest';
import { verifyManifestSignature } from '../../src/transport/manifest-signature';
import { smallBundle } from '../fixtures/small-bundle';

const TENSOR = {
  name: 'w', group: 'layers.0.qk', rows: 4, cols: 32, encoding: 'embedded', anchor: 3, shift: 0.1, bits: 3,
  segments: [
    { depth: 2, frame: 1, offset: 0, bytes: 64, firstRow: 0, rowCount: 3 },
    { depth: 2, frame: 1, offset: 64, bytes: 48, firstRow: 3, rowCount: 1 },
    { depth: 3, frame: 1, offset: 112, bytes: 16, firstRow: 0, rowCount: 4 },
  ],
};

/** A description that asks for nothing special. */
const TRAITS = {
  activation: 'silu', biases: [], qkNorm: false, postNorms: false, windows: [], windowRopeTheta: null, rotaryDims: null,
  attentionSoftcap: null, finalSoftcap: null,
};

describe('a manifest', () => {
  test('that is right is read', () => {
    expect(parse(() => undefined).tensors).toHaveLength(1);
  });

  test.each<[string, (manifest: any) => void]>([
    ['format', (m) => (m.format = 'facet-bundle/2')],
    ['is of bundle', (m) => (m.id = 'other')],
    ['architecture', (m) => (m.config.architecture = null)],
    ['activation relu', (m) => (m.config.traits = { ...TRAITS, activation: 'relu' })],
    ['biases router', (m) => (m.config.traits = { ...TRAITS, biases: ['router'] })],
    ['every layer', (m) => (m.config.traits = { ...TRAITS, windows: [4] })],
    ['rotaryDims', (m) => (m.config.traits = { ...TRAITS, rotaryDims: 3 })],
    ['attentionSinks', (m) => (m.config.traits = { ...TRAITS, attentionSinks: true })],
    ['config.ropeScaling yarn', (m) => (m.config.ropeScaling = { type: 'yarn' })],
    ['every pair', (m) => (m.config.ropeScaling = { type: 'longrope', shortFactors: [1], longFactors: [1], amplitude: 1 })],
    ['config.layers', (m) => (m.config.layers = 0)],
    ['multiple', (m) => (m.config.kvHeads = 3)],
    ['frames[1].sha256', (m) => (m.frames[1].sha256 = 'xyz')],
    ['frames[1].bytes', (m) => (m.frames[1].bytes = 2 ** 40)],
    ['bits', (m) => (m.tensors[0].bits = 4)],
    ['frame 9', (m) => (m.tensors[0].segments[0].frame = 9)],
    ['outside its frame', (m) => (m.tensors[0].segments[2].bytes = 4096)],
    ['leave rows out', (m) => (m.tensors[0].segments[1].firstRow = 2)],
    ['hold 3 of 4 rows', (m) => m.tensors[0].segments.splice(1, 1)],
    ['encoding', (m) => (m.tensors[0].encoding = 'gguf')],
    ['tokenizer', (m) => (m.tokenizer.frame = 1)],
    ['no kernels', (m) => (m.runtime.kernels = [])],
    ['runtime', (m) => (m.runtime.backend = 'webgl')],
  ])('is refused with the place in the message: %s', (place, damage) => {
    expect(() => parse(damage)).toThrow(
      expect.objectContaining({ code: 'manifest-invalid', message: expect.stringContaining(place) }),
    );
  });

  test('that is not JSON is refused', () => {
    expect(() => parseManifest(new TextEncoder().encode('<html>'), 'x')).toThrow(
      expect.objectContaining({ code: 'manifest-invalid' }),
    );
  });
});

describe('a signature', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
  const body = new TextEncoder().encode('{"format":"facet-bundle/1"}');
  const header = `keyid="0123456789abcdef", ed25519=:${sign(null, body, privateKey).toString('base64')}:`;
  const keys = { '0123456789abcdef': raw };

  test('over these bytes with a trusted key is accepted', async () => {
    await expect(verifyManifestSignature(body, header, keys)).resolves.toBeUndefined();
  });

  test.each([
    ['is missing', body, null, keys],
    ['is of an unknown key', body, header, {}],
    ['is over other bytes', new TextEncoder().encode('{}'), header, keys],
  ])('that %s is refused', async (_, bytes, given, trusted) => {
    await expect(verifyManifestSignature(bytes, given, trusted)).rejects.toMatchObject({ code: 'manifest-signature' });
  });
});

function parse(change: (manifest: any) => void) {
  const { manifest } = smallBundle([100, 128]);
  const copy = structuredClone({ ...manifest, tensors: [TENSOR] });
  change(copy);
  return parseManifest(new TextEncoder().encode(JSON.stringify(copy)), 'small~1');
}
