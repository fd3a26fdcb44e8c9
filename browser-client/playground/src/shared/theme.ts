import { useSyncExternalStore } from 'react';
import { preferences } from './preferences';

export type Theme = 'light' | 'dark';
export type ThemeChoice = Theme | 'system';

const KEY = 'theme';
const CHOICES: readonly ThemeChoice[] = ['system', 'light', 'dark'];
const systemDark = () => matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();

function readChoice(): ThemeChoice {
  const stored = preferences.get(KEY);
  return CHOICES.find((choice) => choice === stored) ?? 'system';
}

function apply(): void {
  const choice = readChoice();
  const theme: Theme = choice === 'system' ? (systemDark().matches ? 'dark' : 'light') : choice;
  document.documentElement.dataset['theme'] = theme;
}

function choose(choice: ThemeChoice): void {
  preferences.set(KEY, choice === 'system' ? null : choice);
  apply();
  for (const listener of listeners) listener();
}

/** Sets the theme before the first render and follows the system while no choice was made. */
export function startTheme(): void {
  apply();
  systemDark().addEventListener('change', apply);
}

/** The remembered choice and a way to step to the next: system, light, dark. */
export function useTheme(): { choice: ThemeChoice; next: ThemeChoice; toggle: () => void } {
  const choice = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    readChoice,
  );
  const next = CHOICES[(CHOICES.indexOf(choice) + 1) % CHOICES.length] ?? 'system';
  return { choice, next, toggle: () => choose(next) };
}
