import type { EngineFamily } from '../transport/wire';

/** What some engines have and the others do not; everything optional. */
interface LooseNavigator {
  readonly userAgent?: string;
  readonly userAgentData?: { readonly brands?: readonly { brand: string }[]; readonly mobile?: boolean };
  readonly maxTouchPoints?: number;
}

/**
 * The engine family: by client hints where there are any, else by what only one engine has in workers. Nothing is
 * decided by it that a feature probe could decide; it tells device classes apart.
 */
export function engineFamily(browser: LooseNavigator, scope: object): EngineFamily {
  if (browser.userAgentData?.brands?.some(({ brand }) => brand === 'Chromium')) return 'chromium';
  if ('mozInnerScreenX' in scope || 'InternalError' in scope) return 'firefox';
  const agent = browser.userAgent ?? '';
  if (/\bChrom(e|ium)\//.test(agent)) return 'chromium';
  if (/\bAppleWebKit\//.test(agent)) return 'webkit';
  if (/\bGecko\//.test(agent)) return 'firefox';
  return 'other';
}

/** Phones and tablets, iPads that call themselves Macs included. */
export function isMobile(browser: LooseNavigator): boolean {
  if (browser.userAgentData?.mobile !== undefined) return browser.userAgentData.mobile;
  const agent = browser.userAgent ?? '';
  if (/\b(Android|iPhone|iPad|Mobile)\b/.test(agent)) return true;
  return /\bMacintosh\b/.test(agent) && (browser.maxTouchPoints ?? 0) > 1;
}
