/** Numbers as people read them. Sizes are decimal (MB = 10^6 bytes), as browsers and operating systems show them. */

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** `16900000` -> `16.9 MB`. */
export function bytes(count: number): string {
  const step = count < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(count) / 3));
  const value = count / 1000 ** step;
  return `${number(value, step === 0 || value >= 100 ? 0 : 1)} ${UNITS[step]}`;
}

export function number(value: number, digits = 0): string {
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** At most `digits` decimals, no trailing zeros: `4` and `4.28`. */
export function compact(value: number, digits = 2): string {
  return value.toLocaleString('en', { maximumFractionDigits: digits });
}

/** Significant digits for figures whose size is not known beforehand, e.g. `0.0034` or `21.7`. */
export function significant(value: number, digits = 3): string {
  return value.toLocaleString('en', { maximumSignificantDigits: digits });
}

/** `0.4237` -> `42 %`; never rounds up to 100 % before the end. */
export function percent(fraction: number): string {
  const whole = Math.round(fraction * 100);
  return `${whole === 100 && fraction < 1 ? 99 : whole} %`;
}

/** `830` -> `830 ms`, `2400` -> `2.4 s`. */
export function duration(ms: number): string {
  if (ms < 10) return `${number(ms, 1)} ms`;
  return ms < 1000 ? `${number(ms)} ms` : `${number(ms / 1000, ms < 10_000 ? 1 : 0)} s`;
}

/** `29373440` -> `29.4 M`. */
export function count(value: number): string {
  return value.toLocaleString('en', { notation: 'compact', maximumFractionDigits: 1 }).replace(/([A-Z])$/, (unit) => ` ${unit === 'K' ? 'k' : unit}`);
}

/** `12 s ago`; times in the future (clock skew) read `just now`. */
export function ago(at: string | number | Date, now: number = Date.now()): string {
  const seconds = Math.floor((now - new Date(at).getTime()) / 1000);
  if (!Number.isFinite(seconds)) return 'unknown';
  if (seconds < 5) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

export function plural(value: number, one: string, many = `${one}s`): string {
  return `${number(value)} ${value === 1 ? one : many}`;
}
