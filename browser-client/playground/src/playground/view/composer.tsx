import { Play, Square } from 'lucide-react';
import { useId, type KeyboardEvent } from 'react';
import { describe, optionsOf } from '../model/catalogue';
import { EXAMPLES } from '../model/examples';
import type { PlaygroundSession } from '../model/session';
import { activityOf, chosenSummary, type Activity } from '../model/session-state';
import type { Settings } from '../model/settings';
import { useSession } from './use-session';

interface ComposerProps {
  readonly session: PlaygroundSession;
  readonly prompt: string;
  readonly settings: Settings;
  readonly onPrompt: (prompt: string) => void;
}

const NO_MODEL = { loading: 'Looking for models…', ready: 'No model yet', failed: 'Models unknown' } as const;
const APPLE = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Model, prompt and the one button that matters. */
export function Composer({ session, prompt, settings, onPrompt }: ComposerProps) {
  const activity = useSession(session, activityOf);
  const promptId = useId();
  const write = () => void session.write(prompt, settings);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (activity === 'ready' && prompt !== '') write();
  };

  return (
    <section className="panel composer" aria-label="Prompt">
      <div className="composer-model">
        <ModelChoice session={session} busy={activity === 'loading' || activity === 'writing'} />
      </div>
      <div className="field">
        <label className="visually-hidden" htmlFor={promptId}>
          Text to continue
        </label>
        <textarea
          id={promptId}
          className="textarea"
          rows={2}
          value={prompt}
          spellCheck={false}
          autoCapitalize="off"
          placeholder="Begin a text; the model continues it."
          onChange={(event) => onPrompt(event.target.value)}
          onKeyDown={onKeyDown}
        />
      </div>
      <div className="composer-actions">
        <Examples prompt={prompt} onPrompt={onPrompt} />
        <MainButton activity={activity} empty={prompt === ''} onWrite={write} onStop={() => session.stop()} />
      </div>
    </section>
  );
}

function ModelChoice({ session, busy }: { session: PlaygroundSession; busy: boolean }) {
  const id = useId();
  const catalogue = useSession(session, (state) => state.catalogue);
  const chosen = useSession(session, (state) => state.chosen);
  const models = catalogue.phase === 'ready' ? catalogue.models : [];
  const model = useSession(session, chosenSummary);
  return (
    <>
      <div className="model-choice">
        <label className="field-label" htmlFor={id}>
          Model
        </label>
        <select
          id={id}
          className="select"
          value={chosen ?? ''}
          disabled={busy || chosen === null}
          onChange={(event) => session.choose(event.target.value)}
        >
          {chosen === null && <option value="">{NO_MODEL[catalogue.phase]}</option>}
          {optionsOf(models).map((option) => (
            <option key={option.id} value={option.id} disabled={!option.usable}>
              {option.label}
            </option>
          ))}
        </select>
      </div>
      {model && <p className="panel-note">{describe(model)}</p>}
    </>
  );
}

function Examples({ prompt, onPrompt }: { prompt: string; onPrompt: (prompt: string) => void }) {
  return (
    <ul className="examples" aria-label="Example prompts">
      {EXAMPLES.map((example) => (
        <li key={example.name}>
          <button
            type="button"
            className="chip-button"
            aria-pressed={prompt === example.prompt}
            title={example.prompt.trim()}
            onClick={() => onPrompt(example.prompt)}
          >
            {example.name}
          </button>
        </li>
      ))}
    </ul>
  );
}

interface MainButtonProps {
  readonly activity: Activity;
  readonly empty: boolean;
  readonly onWrite: () => void;
  readonly onStop: () => void;
}

function MainButton({ activity, empty, onWrite, onStop }: MainButtonProps) {
  if (activity === 'loading' || activity === 'writing') {
    return (
      <button type="button" className="button main-button" onClick={onStop}>
        <Square aria-hidden /> {activity === 'loading' ? 'Stop loading' : 'Stop'}
      </button>
    );
  }
  return (
    <button
      type="button"
      className="button button-primary main-button"
      disabled={activity === 'unavailable' || empty}
      aria-keyshortcuts={APPLE ? 'Meta+Enter' : 'Control+Enter'}
      onClick={onWrite}
    >
      <Play aria-hidden /> Write <kbd className="shortcut">{APPLE ? '⌘' : 'Ctrl'} ↵</kbd>
    </button>
  );
}
