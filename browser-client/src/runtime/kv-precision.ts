import { FacetError } from '../errors';
import type { KvBits, KvPrecision } from '../kernels/kv-format';
import type { Plan } from '../transport/wire';

const BITS: Readonly<Record<string, KvBits>> = { q2: 2, q3: 3, q4: 4, q8: 8 };

/**
 * How a plan wants keys and values kept; null for float32.
 *
 * @throws FacetError `service-problem` for formats that this client does not know
 */
export function plannedPrecision({ keys, values, window }: Plan['kv']): KvPrecision | null {
  if (keys === 'f32' && values === 'f32') return null;
  const [keyBits, valueBits] = [BITS[keys], BITS[values]];
  if (keyBits && valueBits && Number.isInteger(window) && window! >= 1) return { keys: keyBits, values: valueBits, window: window! };
  throw new FacetError('service-problem', `The plan keeps keys as ${keys} and values as ${values} with a window of ${window}, which this client cannot.`);
}
