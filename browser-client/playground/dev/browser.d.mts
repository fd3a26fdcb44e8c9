import type { Browser, Page } from 'playwright-core';

export function launchChromium(): Promise<Browser>;
/** The list grows while the page lives. */
export function watchPage(page: Page): string[];
export function accessibilityViolations(page: Page): Promise<string[]>;
export function overflow(page: Page): Promise<number>;
