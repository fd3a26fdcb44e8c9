import { FacetError } from '../errors';

/** Key id to raw Ed25519 public key in base64. */
export type ManifestKeys = Readonly<Record<string, string>>;

const HEADER = /keyid="([0-9a-f]{16})"\s*,\s*ed25519=:([A-Za-z0-9+/=]+):/;

/**
 * Checks a manifest's `Facet-Signature` over its exact bytes.
 *
 * @throws FacetError `manifest-signature`
 */
export async function verifyManifestSignature(
  body: Uint8Array<ArrayBuffer>, header: string | null, keys: ManifestKeys,
): Promise<void> {
  const match = HEADER.exec(header ?? '');
  if (!match) throw new FacetError('manifest-signature', 'The manifest carries no signature.');
  const [, keyId, signature] = match;
  const trusted = keys[keyId!];
  if (!trusted) throw new FacetError('manifest-signature', `The manifest is signed with the unknown key ${keyId}.`);
  const key = await crypto.subtle.importKey('raw', fromBase64(trusted), 'Ed25519', false, ['verify']);
  if (await crypto.subtle.verify('Ed25519', key, fromBase64(signature!), body)) return;
  throw new FacetError('manifest-signature', 'The signature of the manifest does not match its bytes.');
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
