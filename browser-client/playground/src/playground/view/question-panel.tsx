import { useEffect, useId, useRef, useState, type FormEvent } from 'react';
import { pictureModel } from '../model/catalogue';
import { noticeOf } from '../model/notices';
import type { PlaygroundSession } from '../model/session';
import { useSession } from './use-session';

const QUESTION = 'describe the picture.';
const UNREADABLE = 'This file is no picture that the browser can read.';

/** A question about a picture of one's own, where a model that looks at pictures is published. */
export function QuestionPanel({ session }: { session: PlaygroundSession }) {
  const model = useSession(session, ({ catalogue }) => (catalogue.phase === 'ready' ? pictureModel(catalogue.models) : undefined));
  const connected = useSession(session, ({ connection }) => connection.phase === 'connected');
  const [file, setFile] = useState<File | null>(null);
  const [question, setQuestion] = useState(QUESTION);
  const [answer, setAnswer] = useState('');
  const [busy, setBusy] = useState(false);
  const questionId = useId();
  if (!model) return null;

  const ask = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setAnswer('');
    const picture = await createImageBitmap(file!).catch(() => null);
    try {
      setAnswer(picture ? await session.ask(model.id, picture, question) : UNREADABLE);
    } catch (thrown) {
      setAnswer(noticeOf(thrown).title);
    } finally {
      setBusy(false);
    }
  };

  return (
    <section className="panel" aria-label="Ask about a picture">
      <form className="panel-body stack" onSubmit={(event) => void ask(event)}>
        <p className="panel-note">{model.id} looks at a picture in this browser. Neither picture nor question leaves it.</p>
        <Picture file={file} onChange={setFile} />
        <div className="field">
          <label className="field-label" htmlFor={questionId}>
            Question
          </label>
          <textarea
            id={questionId}
            className="textarea"
            rows={1}
            value={question}
            onChange={(event) => setQuestion(event.target.value)}
          />
        </div>
        <div className="composer-actions">
          <output>{answer}</output>
          <button className="button" disabled={busy || !connected || !file || question.trim() === ''}>
            {busy ? 'Looking…' : 'Ask'}
          </button>
        </div>
      </form>
    </section>
  );
}

function Picture({ file, onChange }: { file: File | null; onChange: (file: File | null) => void }) {
  const id = useId();
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        Picture
      </label>
      <input id={id} type="file" accept="image/*" className="picture-file" onChange={(event) => onChange(event.target.files?.[0] ?? null)} />
      {file && <Preview file={file} />}
    </div>
  );
}

/** Drawn rather than linked: the page's policy lets no picture in from anywhere but its origin. */
function Preview({ file }: { file: File }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    let current = true;
    createImageBitmap(file).then(
      (picture) => current && canvas.current && draw(picture, canvas.current),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [file]);
  return <canvas ref={canvas} className="picture-preview" width={0} height={0} role="img" aria-label={file.name} />;
}

function draw(picture: ImageBitmap, canvas: HTMLCanvasElement): void {
  canvas.width = picture.width;
  canvas.height = picture.height;
  canvas.getContext('2d')?.drawImage(picture, 0, 0);
  picture.close();
}
