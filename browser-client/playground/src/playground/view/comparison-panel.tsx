import { useId, useState, type FormEvent } from 'react';
import { textEncoder } from '../model/catalogue';
import { noticeOf } from '../model/notices';
import type { PlaygroundSession } from '../model/session';
import { useSession } from './use-session';

const FIRST = 'How do I declare a pointer?';
const SECOND = 'A pointer is declared with an asterisk before its name.';

/** How near two texts are in meaning, where a text encoder is published. */
export function ComparisonPanel({ session }: { session: PlaygroundSession }) {
  const encoder = useSession(session, ({ catalogue }) => (catalogue.phase === 'ready' ? textEncoder(catalogue.models) : undefined));
  const connected = useSession(session, ({ connection }) => connection.phase === 'connected');
  const [texts, setTexts] = useState<readonly [string, string]>([FIRST, SECOND]);
  const [result, setResult] = useState('');
  const [busy, setBusy] = useState(false);
  if (!encoder) return null;

  const compare = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      const similarity = await session.compare(encoder.id, ...texts);
      setResult(`Similarity ${similarity.toFixed(3)}`);
    } catch (thrown) {
      setResult(noticeOf(thrown).title);
    } finally {
      setBusy(false);
    }
  };

  return (
    <section className="panel" aria-label="Compare two texts">
      <form className="panel-body stack" onSubmit={(event) => void compare(event)}>
        <p className="panel-note">{encoder.id} turns texts to vectors in this browser and tells how near they are.</p>
        <Text label="First text" value={texts[0]} onChange={(text) => setTexts([text, texts[1]])} />
        <Text label="Second text" value={texts[1]} onChange={(text) => setTexts([texts[0], text])} />
        <div className="composer-actions">
          <output>{result}</output>
          <button className="button" disabled={busy || !connected || texts.includes('')}>
            {busy ? 'Comparing…' : 'Compare'}
          </button>
        </div>
      </form>
    </section>
  );
}

function Text({ label, value, onChange }: { label: string; value: string; onChange: (text: string) => void }) {
  const id = useId();
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      <textarea id={id} className="textarea" rows={1} value={value} onChange={(event) => onChange(event.target.value)} />
    </div>
  );
}
