import { Check, Copy, PenLine } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Empty } from '../../shared/empty';
import { activityOf } from '../model/session-state';
import type { PlaygroundSession } from '../model/session';
import { endingOf, figuresOf, type Writing } from '../model/writing';
import { useSession } from './use-session';

/** The prompt with its continuation, and the figures of the generation. */
export function Output({ session }: { session: PlaygroundSession }) {
  const writing = useSession(session, (state) => state.writing);
  const activity = useSession(session, activityOf);
  const busy = writing.phase === 'prefill' || writing.phase === 'writing';
  return (
    <section className="panel output" aria-label="Continuation">
      <div className="output-head">
        <h2 className="panel-title">Continuation</h2>
        <Figures writing={writing} />
      </div>
      <Text writing={writing} busy={busy} activity={activity} />
      {!busy && writing.text !== '' && <CopyButton text={writing.prompt + writing.text} />}
      <p className="visually-hidden" role="status">
        {announcement(writing)}
      </p>
    </section>
  );
}

function Figures({ writing }: { writing: Writing }) {
  return (
    <dl className="figures">
      {figuresOf(writing).map((figure) => (
        <div className="figure" key={figure.label}>
          <dt>{figure.label}</dt>
          <dd>
            <span className="figure-value">{figure.value}</span> <span className="figure-unit">{figure.unit}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** A text that grows is read out only once, when it is complete: piece by piece it would be noise. */
function announcement(writing: Writing): string {
  if (writing.phase === 'prefill') return 'Reading the prompt.';
  if (writing.phase === 'writing') return 'Writing.';
  return writing.phase === 'idle' ? '' : `${endingOf(writing)} The text: ${writing.text}`;
}

function Text({ writing, busy, activity }: { writing: Writing; busy: boolean; activity: ReturnType<typeof activityOf> }) {
  const box = useRef<HTMLDivElement>(null);
  const follow = useRef(true);
  useEffect(() => {
    const element = box.current;
    if (element && follow.current) element.scrollTop = element.scrollHeight;
  }, [writing.text, writing.phase]);
  useEffect(() => {
    if (writing.phase === 'prefill') follow.current = true;
  }, [writing.phase]);

  if (writing.phase === 'idle') {
    return (
      <div className="output-text">
        <Empty icon={<PenLine aria-hidden />} title={activity === 'loading' ? 'The model is on its way' : 'Nothing written yet'}>
          {activity === 'loading'
            ? 'The text starts here as soon as every plane of the plan is in place.'
            : 'The model continues your text on this device. Neither prompt nor text leaves it.'}
        </Empty>
      </div>
    );
  }
  const onScroll = () => {
    const { scrollHeight, scrollTop, clientHeight } = box.current!;
    follow.current = scrollHeight - scrollTop - clientHeight < 24;
  };
  return (
    <div className="output-text" ref={box} onScroll={onScroll} tabIndex={0} role="region" aria-label="Text" aria-busy={busy}>
      <pre className="output-pre">
        <span className="output-prompt">{writing.prompt}</span>
        <span>{writing.text}</span>
        {busy && <span className="caret" aria-hidden />}
      </pre>
      {!busy && <p className="output-ending">{endingOf(writing)}</p>}
    </div>
  );
}

function CopyButton({ text }: { text: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 1600);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <button type="button" className="button button-small copy" onClick={copy}>
      {copied ? <Check aria-hidden /> : <Copy aria-hidden />} {copied ? 'Copied' : 'Copy'}
    </button>
  );
}
