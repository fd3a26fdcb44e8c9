import type { ModelSummary } from '../../../src';

/** How far an import is, 0..1; null before its size is known. */
export function importFraction({ progress }: ModelSummary): number | null {
  return progress && progress.total > 0 ? progress.done / progress.total : null;
}
