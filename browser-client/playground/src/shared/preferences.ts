/** Remembered choices of this browser. Where storage is denied they last as long as the page. */
const PREFIX = 'facet.';
const fallback = new Map<string, string>();

function storage(): Storage | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}

export const preferences = Object.freeze({
  get(key: string): string | null {
    return storage()?.getItem(PREFIX + key) ?? fallback.get(key) ?? null;
  },

  set(key: string, value: string | null): void {
    if (value === null) fallback.delete(key);
    else fallback.set(key, value);
    try {
      if (value === null) storage()?.removeItem(PREFIX + key);
      else storage()?.setItem(PREFIX + key, value);
    } catch {
      // Storage is full or denied: the value stays in `fallback`.
    }
  },
});
