import { Monitor, Moon, Sun } from 'lucide-react';
import type { ReactNode } from 'react';
import markUrl from '../design/mark.svg';
import { useTheme, type ThemeChoice } from './theme';

const THEME_ICONS = { system: Monitor, light: Sun, dark: Moon } as const;
const THEME_NAMES: Readonly<Record<ThemeChoice, string>> = { system: 'as the system', light: 'light', dark: 'dark' };

/** The bar on top of all pages. */
export function Header({ page, children }: { page: 'playground' | 'dashboard' | 'report'; children?: ReactNode }) {
  return (
    <>
      <a className="skip-link" href="#content">
        Skip to content
      </a>
      <header className="header">
        <a className="brand" href="/" aria-label="Facet, playground">
          <img src={markUrl} alt="" width={26} height={26} />
          <span className="brand-name">Facet</span>
        </a>
        <nav className="nav" aria-label="Pages">
          <a href="/" aria-current={page === 'playground' ? 'page' : undefined}>
            Playground
          </a>
          <a href="/dashboard" aria-current={page === 'dashboard' ? 'page' : undefined}>
            Dashboard
          </a>
          {page === 'report' && (
            <a href={location.pathname + location.search} aria-current="page">
              Report
            </a>
          )}
        </nav>
        <div className="header-end">
          {children}
          <ThemeButton />
        </div>
      </header>
    </>
  );
}

function ThemeButton() {
  const { choice, next, toggle } = useTheme();
  const Icon = THEME_ICONS[choice];
  const label = `Colours: ${THEME_NAMES[choice]}. Change to ${THEME_NAMES[next]}.`;
  return (
    <button type="button" className="button button-quiet button-icon" onClick={toggle} aria-label={label} title={label}>
      <Icon aria-hidden />
    </button>
  );
}
