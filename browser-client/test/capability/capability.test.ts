import { expect, test } from 'vitest';
import { engineFamily, isMobile } from '../../src/capability/engine';
import { hasMemory64, hasRelaxedSimd, hasSharedMemory, hasSimd } from '../../src/capability/wasm-features';

test('the modules that probe features are well-formed: this engine accepts what it is known to have', () => {
  expect(hasSimd()).toBe(true);
  expect(hasSharedMemory()).toBe(true);
  // Node 20 has both behind flags only; a malformed module would not tell the two apart, Chromium's test does.
  expect([hasRelaxedSimd(), hasMemory64()].every((value) => typeof value === 'boolean')).toBe(true);
});

const IPAD = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15';
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0';
const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';

test.each([
  [{ userAgentData: { brands: [{ brand: 'Chromium' }] }, userAgent: IPAD }, 'chromium'],
  [{ userAgent: CHROME }, 'chromium'],
  [{ userAgent: IPAD }, 'webkit'],
  [{ userAgent: FIREFOX }, 'firefox'],
  [{}, 'other'],
])('engine of %j', (browser, family) => {
  expect(engineFamily(browser, {})).toBe(family);
});

test('an iPad that calls itself a Mac is mobile, a Mac is not', () => {
  expect(isMobile({ userAgent: IPAD, maxTouchPoints: 5 })).toBe(true);
  expect(isMobile({ userAgent: IPAD, maxTouchPoints: 0 })).toBe(false);
  expect(isMobile({ userAgentData: { mobile: true } })).toBe(true);
});
