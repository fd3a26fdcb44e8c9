import type { ModelPoint } from '../../../../src';

/** `GET /v1/models/{id}/report`. */
export interface ReportDocument {
  readonly model: string;
  readonly revision: string;
  readonly edition: { readonly name: 'rounded' | 'calibrated'; readonly revision: string } | null;
  readonly improving: boolean;
  readonly points: readonly ReportPoint[];
  readonly refused: readonly ModelPoint[];
  readonly peers: PeerTable | null;
  readonly layers: readonly LayerBits[];
  readonly worst: Readonly<Record<string, readonly TensorError[]>>;
  readonly tensors: readonly TensorError[];
}

/** A cut with its precision map. */
export interface ReportPoint {
  readonly point: ModelPoint;
  readonly bits: Readonly<Record<string, number>>;
  /** Foretold for a ladder anchored for this very size, nats; null for cuts that are. */
  readonly anchoredMeanKl: number | null;
}

/** The same model as other tools quantize it. */
export interface PeerTable {
  readonly measured: string;
  readonly peers: readonly Peer[];
}

export interface Peer {
  readonly name: string;
  readonly bytes: number;
  readonly bitsPerWeight: number;
  readonly bodyBits: number;
  readonly perplexity: number;
  readonly meanKl: number;
  readonly top1Agreement: number;
}

/** Mean bits of a code in one layer, by point. */
export interface LayerBits {
  readonly layer: string;
  readonly bits: Readonly<Record<string, number>>;
}

/** What coding has cost one tensor at its ladder's anchor. */
export interface TensorError {
  readonly ladder: string;
  readonly group: string;
  readonly tensor: string;
  readonly weights: number;
  readonly anchor: number;
  /** Norm of the error over the norm of the weights. */
  readonly relativeError: number;
}

/** One dot of the error chart. */
export interface ErrorDot {
  readonly error: TensorError;
  readonly layer: number;
  readonly kind: string;
}

const IN_LAYER = /^layers\.(\d+)\.(.+)$/;

/** Tensors of one ladder's layers; embedding and head, which belong to none, are left out. */
export function errorsByLayer(report: ReportDocument, ladder: string): readonly ErrorDot[] {
  return report.tensors.flatMap((error) => {
    const group = IN_LAYER.exec(error.group);
    return error.ladder === ladder && group ? [{ error, layer: Number(group[1]), kind: group[2]! }] : [];
  });
}

/** Kinds of tensor groups in the order in which they first appear. */
export function kindsOf(dots: readonly ErrorDot[]): readonly string[] {
  return [...new Set(dots.map((dot) => dot.kind))];
}

export function laddersOf(report: ReportDocument): readonly string[] {
  return [...new Set(report.points.map(({ point }) => point.ladder))];
}

/** `model.layers.3.mlp.down_proj.weight` -> `3 mlp.down_proj`. */
export function shortName(tensor: string): string {
  return tensor.replace(/^model\.layers\.(\d+)\./, '$1 ').replace(/^model\./, '').replace(/\.weight$/, '');
}
