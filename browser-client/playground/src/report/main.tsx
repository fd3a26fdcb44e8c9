import '../design/tokens.css';
import '../design/base.css';
import '../design/components.css';
import '../dashboard/dashboard.css';
import './report.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { startTheme } from '../shared/theme';
import { ReportPage } from './view/report-page';

startTheme();

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <ReportPage model={new URLSearchParams(location.search).get('model')} />
  </StrictMode>,
);
