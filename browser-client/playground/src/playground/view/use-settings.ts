import { useEffect, useState } from 'react';
import { preferences } from '../../shared/preferences';
import { parseSettings, type Settings } from '../model/settings';

const KEY = 'settings';

/** The settings, remembered by this browser. */
export function useSettings(): [Settings, (change: Partial<Settings>) => void] {
  const [settings, setSettings] = useState(() => parseSettings(preferences.get(KEY)));
  useEffect(() => preferences.set(KEY, JSON.stringify(settings)), [settings]);
  return [settings, (change) => setSettings((present) => ({ ...present, ...change }))];
}
