import type { ModelPoint, ModelSummary } from '../../../../src';

export type QualityMetric = 'meanKl' | 'perplexity';

/** A measured point of a model in the size/quality chart. */
export interface QualityDot {
  readonly id: string;
  readonly ladder: string;
  readonly bits: number;
  readonly bytes: number;
  readonly quality: number;
  /** No other point is both smaller and better. */
  readonly onFront: boolean;
}

export interface QualityChart {
  readonly dots: readonly QualityDot[];
  /** What other tools make of the same model; measured elsewhere. */
  readonly peers?: readonly QualityDot[];
  /** Full precision, where the metric has one. */
  readonly baseline: number | null;
  /** Points whose quality has not been measured. */
  readonly unmeasured: number;
}

export function qualityChart(model: Pick<ModelSummary, 'points'>, metric: QualityMetric): QualityChart {
  const measured = model.points.flatMap((point) => {
    const quality = point.quality?.[metric];
    return typeof quality === 'number' ? [{ point, quality }] : [];
  });
  const dots = measured
    .map(({ point, quality }) => ({
      id: point.id,
      ladder: point.ladder,
      bits: point.bitsPerWeight,
      bytes: point.bytes,
      quality,
      onFront: !measured.some((other) => dominates(other, { point, quality })),
    }))
    .sort((a, b) => a.bytes - b.bytes);
  return { dots, baseline: metric === 'perplexity' ? baselineOf(model.points) : null, unmeasured: model.points.length - dots.length };
}

interface Measured {
  readonly point: ModelPoint;
  readonly quality: number;
}

/** Lower is better for both metrics and for the size. */
function dominates(a: Measured, b: Measured): boolean {
  const noWorse = a.point.bytes <= b.point.bytes && a.quality <= b.quality;
  return noWorse && (a.point.bytes < b.point.bytes || a.quality < b.quality);
}

function baselineOf(points: readonly ModelPoint[]): number | null {
  return points.find((point) => typeof point.quality?.baselinePerplexity === 'number')?.quality?.baselinePerplexity ?? null;
}
