import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

const SITE = fileURLToPath(new URL('../../../dist/site/', import.meta.url));
const read = (path: string): string => readFileSync(SITE + path, 'utf8');
const files = readdirSync(SITE, { recursive: true, encoding: 'utf8' });

/** The scripts that a page's HTML names: its entry and what is preloaded for it. */
const scriptsOf = (page: string): string[] => [...read(page).matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, path]) => path!);

describe('the built files', () => {
  it('load less than 200 kB of script (gzip) for the playground, and none of the dashboard’s', () => {
    const scripts = scriptsOf('index.html');
    expect(scripts.length).toBeGreaterThan(0);
    expect(scripts.join()).not.toContain('dashboard');
    expect(scripts.reduce((sum, path) => sum + gzipSync(read(path)).length, 0)).toBeLessThan(200_000);
  });

  it('hold nothing of the mock', () => {
    const scripts = files.filter((path) => path.endsWith('.js'));
    for (const path of scripts) expect(read(path), path).not.toMatch(/\/mock\/|development-session|scripted/i);
  });

  it('hold no style or script in markup', () => {
    for (const page of ['index.html', 'dashboard/index.html', 'report/index.html']) {
      expect(read(page)).not.toMatch(/<style|style=|<script(?![^>]*\bsrc=)/);
    }
  });

  it('carry a content hash in the name of every asset', () => {
    const assets = files.filter((path) => /^assets[/\\]/.test(path));
    for (const path of assets) expect(path).toMatch(/-[\w-]{8}\.\w+$/);
  });
});
