import { useState } from 'react';
import { Header } from '../../shared/header';
import type { NoticeAction } from '../../shared/notice';
import { EXAMPLES } from '../model/examples';
import type { PlaygroundSession } from '../model/session';
import { Chosen } from './chosen';
import { ComparisonPanel } from './comparison-panel';
import { Composer } from './composer';
import { ConnectionBadge } from './connection-badge';
import { Consent } from './consent';
import { Notices } from './notices';
import { Output } from './output';
import { PicturePanel } from './picture-panel';
import { QuestionPanel } from './question-panel';
import { SettingsPanel } from './settings-panel';
import { useSettings } from './use-settings';

export function App({ session }: { session: PlaygroundSession }) {
  const [prompt, setPrompt] = useState(EXAMPLES[0]!.prompt);
  const [settings, changeSettings] = useSettings();

  const act = (action: NoticeAction): void => {
    if (action.kind === 'reload') return location.reload();
    if (action.kind === 'retry') return void retry();
    const change = action.kind === 'wasm' ? { pinBackend: 'wasm' as const } : { pinBits: null, pinContext: action.maxContext };
    changeSettings(change);
    void session.write(prompt, { ...settings, ...change });
  };

  const retry = async (): Promise<void> => {
    const { connection, failure } = session.snapshot();
    if (connection.phase === 'failed') await session.start();
    else if (failure) await session.write(prompt, settings);
    else await session.refreshModels();
  };

  return (
    <>
      <Header page="playground">
        <ConnectionBadge session={session} />
      </Header>
      <main className="page playground" id="content">
        <h1 className="visually-hidden">Facet playground</h1>
        <div className="stack">
          <Notices session={session} onAction={act} />
          <Composer session={session} prompt={prompt} settings={settings} onPrompt={setPrompt} />
          <Output session={session} />
          <PicturePanel session={session} />
        </div>
        <div className="stack">
          <Chosen session={session} />
          <SettingsPanel session={session} settings={settings} onChange={changeSettings} />
          <QuestionPanel session={session} />
          <ComparisonPanel session={session} />
          <Consent session={session} />
        </div>
      </main>
    </>
  );
}
