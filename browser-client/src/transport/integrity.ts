import { FacetError } from '../errors';

/** Lower-case hexadecimal SHA-256. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}

/**
 * @param what names the bytes in the message: `frame 3`, `kernel facet-simd128.wasm`
 * @throws FacetError `integrity`
 */
export async function verifySha256(bytes: Uint8Array<ArrayBuffer>, expected: string, what: string): Promise<void> {
  const actual = await sha256(bytes);
  if (actual === expected) return;
  throw new FacetError('integrity', `The bytes of ${what} are not those announced: SHA-256 ${actual}, not ${expected}.`);
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
