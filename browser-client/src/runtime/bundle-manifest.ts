import { verifyManifestSignature, type ManifestKeys } from '../transport/manifest-signature';
import { parseManifest } from '../transport/manifest';
import type { ServiceClient } from '../transport/service-client';
import type { BundleManifest } from '../transport/wire';

/**
 * A bundle's manifest, its signature verified where there are keys.
 *
 * @throws FacetError `manifest-invalid`, `network` and others
 */
export async function fetchManifest(
  service: ServiceClient, bundle: string, keys: ManifestKeys | null, signal: AbortSignal,
): Promise<BundleManifest> {
  const response = await service.bundle(bundle, signal);
  const body = new Uint8Array(await response.arrayBuffer());
  if (keys) await verifyManifestSignature(body, response.headers.get('Facet-Signature'), keys);
  return parseManifest(body, bundle);
}
