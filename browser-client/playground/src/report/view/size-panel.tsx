import { QualityScatter } from '../../dashboard/view/quality-scatter';
import { qualityChart, type QualityDot } from '../../dashboard/model/size-quality';
import type { ReportDocument } from '../model/report';

/** The cuts and, where they are known, what other tools make of the same model. */
export function SizePanel({ report }: { report: ReportDocument }) {
  const points = report.points.map(({ point }) => point);
  const chart = { ...qualityChart({ points }, 'meanKl'), peers: peersOf(report) };
  if (chart.dots.length === 0) return <p className="panel-note">No quality has been measured: there was no text to measure on, the model is too large, or it does not write text from text.</p>;
  return (
    <>
      <QualityScatter chart={chart} metric="meanKl" height={340} />
      {report.peers && (
        <p className="panel-note">
          <span className="swatch-peer" aria-hidden /> Other tools: {report.peers.measured}
        </p>
      )}
    </>
  );
}

function peersOf(report: ReportDocument): readonly QualityDot[] {
  return (report.peers?.peers ?? []).map((peer) => ({
    id: peer.name,
    ladder: 'peer',
    bits: peer.bitsPerWeight,
    bytes: peer.bytes,
    quality: peer.meanKl,
    onFront: false,
  }));
}
