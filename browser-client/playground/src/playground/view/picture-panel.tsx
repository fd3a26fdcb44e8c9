import { Layers } from 'lucide-react';
import { useMemo } from 'react';
import { Empty } from '../../shared/empty';
import * as format from '../../shared/format';
import { pictureOf, type Picture } from '../model/picture';
import type { PlaygroundSession } from '../model/session';
import { PictureTable } from './picture-table';
import { PlanePicture } from './plane-picture';
import { useSession } from './use-session';

/** What of the model has arrived: the picture that fills as planes come in. */
export function PicturePanel({ session }: { session: PlaygroundSession }) {
  const loading = useSession(session, (state) => state.loading);
  const { progress } = loading;
  const picture = useMemo(() => (progress ? pictureOf(progress) : null), [progress]);
  const drawn = picture && picture.columns.length > 0 ? picture : null;
  return (
    <section className="panel" aria-label="Planes of the model">
      <div className="panel-head">
        <h2 className="panel-title">Planes</h2>
        {drawn && <Amount picture={drawn} />}
      </div>
      <div className="panel-body picture-body">
        {drawn ? (
          <>
            <PlanePicture picture={drawn} />
            <PictureTable picture={drawn} />
          </>
        ) : (
          <Empty icon={<Layers aria-hidden />} title={loading.phase === 'loading' ? picture?.summary.sentence ?? 'Choosing a plan.' : 'No planes here yet'}>
            Weights come as a two-bit base and one plane for each further bit, as deep as this browser’s plan asks.
          </Empty>
        )}
      </div>
    </section>
  );
}

function Amount({ picture }: { picture: Picture }) {
  const { bitsPresent, bitsPlanned, bytesDone, bytesTotal, fraction, bytesPerSecond, cacheHits } = picture.summary;
  const complete = fraction >= 1;
  return (
    <p className="picture-amount">
      <strong>{format.percent(fraction)}</strong>
      <span>
        {format.number(bitsPresent, 2)} of {format.number(bitsPlanned, 2)} bits
      </span>
      <span>{complete ? format.bytes(bytesTotal) : `${format.bytes(bytesDone)} of ${format.bytes(bytesTotal)}`}</span>
      {!complete && bytesPerSecond > 0 && <span>{format.bytes(bytesPerSecond)}/s</span>}
      {complete && cacheHits > 0 && <span>{format.plural(cacheHits, 'frame')} from this browser’s store</span>}
    </p>
  );
}
