import '../design/tokens.css';
import '../design/base.css';
import '../design/components.css';
import './dashboard.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { startTheme } from '../shared/theme';
import { Dashboard } from './view/dashboard';

startTheme();

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Dashboard />
  </StrictMode>,
);
