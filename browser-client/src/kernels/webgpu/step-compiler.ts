import { FacetError } from '../../errors';
import type { Activation, EncoderActivation } from '../../transport/wire';
import type { AttentionSpan, Rows } from '../backend';
import type { Dispatch } from './gpu-context';
import type { GpuFloats } from './gpu-floats';
import type { GpuMatrix } from './gpu-stack';
import type { Kernels } from './kernels';
import type { RowRange } from './rope-store';
import { CODED_ROWS, type GpuCache } from './gpu-cache';

/** An operation of a step as it was asked for. */
export type Operation =
  | { readonly kind: 'embed'; readonly table: GpuMatrix; readonly out: GpuFloats }
  | { readonly kind: 'norm'; readonly x: GpuFloats; readonly gain: GpuFloats; readonly out: GpuFloats; readonly epsilon: number; readonly rows: Rows }
  | { readonly kind: 'multiply'; readonly x: GpuFloats; readonly matrices: readonly GpuMatrix[]; readonly outs: readonly GpuFloats[]; readonly rows: Rows; readonly accumulate: boolean }
  | { readonly kind: 'rotate'; readonly query: GpuFloats; readonly key: GpuFloats; readonly value: GpuFloats; readonly rotation: GpuFloats; readonly cache: GpuCache; readonly layer: number }
  | { readonly kind: 'attend'; readonly query: GpuFloats; readonly cache: GpuCache; readonly layer: number; readonly out: GpuFloats; readonly span: AttentionSpan }
  | { readonly kind: 'gate'; readonly gate: GpuFloats; readonly up: GpuFloats; readonly activation: Activation }
  | { readonly kind: 'normHeads'; readonly x: GpuFloats; readonly gain: GpuFloats; readonly epsilon: number }
  | { readonly kind: 'add'; readonly x: GpuFloats; readonly y: GpuFloats; readonly one: boolean }
  | { readonly kind: 'layerNorm'; readonly x: GpuFloats; readonly gain: GpuFloats; readonly bias: GpuFloats; readonly epsilon: number }
  | { readonly kind: 'activate'; readonly x: GpuFloats; readonly activation: EncoderActivation }
  | { readonly kind: 'copy'; readonly x: GpuFloats; readonly out: GpuFloats }
  | { readonly kind: 'softcap'; readonly x: GpuFloats; readonly bound: number };

type OperationOf<K extends Operation['kind']> = Extract<Operation, { kind: K }>;

/** What a step's operations run on besides their own operands. */
export interface StepFacts {
  readonly step: GPUBuffer;
  readonly tokens: GPUBuffer;
  readonly count: number;
  readonly splits: number;
}

/**
 * Turns a step's operations into dispatches. Where a step has one row, a norm, the products that read it and the gate that
 * reads those become one dispatch; products with the tensors of one stack always do. A norm or a gate's second half that
 * is fused away is never stored: `transient` activations allow that.
 */
export class StepCompiler {
  readonly #kernels: Kernels;

  constructor(kernels: Kernels) {
    this.#kernels = kernels;
  }

  compile(operations: readonly Operation[], facts: StepFacts): Dispatch[] {
    const dispatches: Dispatch[] = [];
    for (let at = 0; at < operations.length; ) {
      const fused = (facts.count === 1 ? this.#fused(operations, at) : null) ?? this.#inTurns(operations, at, facts);
      dispatches.push(...(fused?.dispatches ?? this.#single(operations[at]!, facts)));
      at += fused?.length ?? 1;
    }
    return dispatches;
  }

  /** The longest run of operations from `at` on that one dispatch can do. */
  #fused(operations: readonly Operation[], at: number): { dispatches: Dispatch[]; length: number } | null {
    const first = operations[at]!;
    const norm = first.kind === 'norm' && first.out.transient ? first : null;
    const product = operations[norm ? at + 1 : at];
    if (product?.kind !== 'multiply' || (norm && product.x !== norm.out) || !isWholeStack(product.matrices)) return null;
    if (norm && readsLater(operations, at + 2, norm.out)) return null;
    const input = norm ? { x: norm.x, norm: { gain: norm.gain, epsilon: norm.epsilon } } : { x: product.x, norm: null };
    const { stack } = product.matrices[0]!;
    const length = norm ? 2 : 1;
    const gate = operations[at + length];
    if (gate?.kind === 'gate' && isGateOf(gate, product)) {
      const dispatches = this.#kernels.fast.matvec(input, stack, [gate.gate], { gated: true, add: false });
      if (dispatches) return { dispatches, length: length + 1 };
    }
    const dispatches = this.#kernels.fast.matvec(input, stack, product.outs, { gated: false, add: product.accumulate });
    return dispatches && { dispatches, length };
  }

  /**
   * Storing and attention on a cache in codes, a few rows at a time: the ring of recent tokens holds no whole step besides
   * its window.
   */
  #inTurns(operations: readonly Operation[], at: number, facts: StepFacts): { dispatches: Dispatch[]; length: number } | null {
    const [rotate, attend] = [operations[at]!, operations[at + 1]];
    if (rotate.kind !== 'rotate' || !rotate.cache.precision || facts.count <= CODED_ROWS) return null;
    if (attend?.kind !== 'attend' || attend.cache !== rotate.cache || attend.layer !== rotate.layer) {
      throw new FacetError('internal', 'A cache in codes is read right after it is written.');
    }
    const dispatches: Dispatch[] = [];
    for (let first = 0; first < facts.count; first += CODED_ROWS) {
      const rows = { first, count: Math.min(CODED_ROWS, facts.count - first) };
      dispatches.push(...this.#rotate(rotate, facts, rows), ...this.#attend(attend, facts, rows));
    }
    return { dispatches, length: 2 };
  }

  #rotate({ query, key, value, rotation, cache, layer }: OperationOf<'rotate'>, { step }: StepFacts, rows: RowRange): Dispatch[] {
    return this.#kernels.ropeStore.store(query, key, value, rotation, cache, layer, step, rows);
  }

  #attend({ query, cache, layer, out, span }: OperationOf<'attend'>, { step, splits }: StepFacts, rows: RowRange): Dispatch[] {
    return this.#kernels.attention.attend(query, cache, layer, out, step, rows, splits, span);
  }

  #single(operation: Operation, facts: StepFacts): Dispatch[] {
    const { embed, norm, gateMul, elementwise, encoder } = this.#kernels;
    const { step, tokens, count } = facts;
    switch (operation.kind) {
      case 'embed':
        return embed.embed(operation.table, step, tokens, operation.out, count);
      case 'norm':
        return [norm.norm(operation.x, operation.gain, operation.out, operation.epsilon, step, count, operation.rows)];
      case 'multiply':
        return this.#multiply(operation, facts);
      case 'rotate':
        return this.#rotate(operation, facts, { first: 0, count });
      case 'attend':
        return this.#attend(operation, facts, { first: 0, count });
      case 'gate':
        return [gateMul.gate(operation.gate, operation.up, operation.activation, count)];
      case 'normHeads':
        return [elementwise.normHeads(operation.x, operation.gain, operation.epsilon, count)];
      case 'add':
        return [elementwise.add(operation.x, operation.y, operation.one, count)];
      case 'layerNorm':
        return [encoder.layerNorm(operation.x, operation.gain, operation.bias, operation.epsilon, count)];
      case 'activate':
        return [encoder.activate(operation.x, operation.activation, count)];
      case 'copy':
        return [encoder.copy(operation.x, operation.out, count)];
      case 'softcap':
        return [elementwise.softcap(operation.x, operation.bound)];
    }
  }

  #multiply({ x, matrices, outs, rows, accumulate }: OperationOf<'multiply'>, { step, count }: StepFacts): Dispatch[] {
    const tokens = rows === 'last' ? 1 : count;
    if (isWholeStack(matrices)) {
      const { stack } = matrices[0]!;
      const fate = { gated: false, add: accumulate };
      const fast =
        tokens === 1
          ? this.#kernels.fast.matvec({ x, norm: null }, stack, outs, fate)
          : this.#kernels.fast.matmul(x, stack, outs, step, tokens, accumulate);
      if (fast) return fast;
    }
    return matrices.flatMap((matrix, i) => this.#kernels.plain.multiply(x, matrix, outs[i]!, step, tokens, accumulate));
  }
}

function isWholeStack(matrices: readonly GpuMatrix[]): boolean {
  const { stack } = matrices[0]!;
  return stack.matrices.length === matrices.length && stack.matrices.every((matrix, i) => matrix === matrices[i]);
}

/** Whether one dispatch can do both: only Llama's gate is part of the product's kernel. */
function isGateOf(gate: OperationOf<'gate'>, { outs, accumulate, matrices }: OperationOf<'multiply'>): boolean {
  const [first, second] = outs;
  const halves = matrices.length === 2 && matrices[0]!.shape.rows === matrices[1]!.shape.rows;
  return halves && !accumulate && gate.activation === 'silu' && gate.gate === first && gate.up === second && gate.up.transient;
}

/** Whether anything reads these activations before they are written anew. */
function readsLater(operations: readonly Operation[], start: number, floats: GpuFloats): boolean {
  for (let at = start; at < operations.length; at++) {
    const operation = operations[at]!;
    if (operation.kind === 'multiply' && operation.x === floats) return true;
    if (operation.kind === 'norm' && operation.x === floats) return true;
    if (operation.kind === 'add' && operation.y === floats) return true;
    if (operation.kind === 'copy' && operation.x === floats) return true;
    if ('out' in operation && operation.out === floats) return false;
  }
  return false;
}

/** Whether two steps ask for the same. */
export function sameOperations(a: readonly Operation[], b: readonly Operation[]): boolean {
  return a.length === b.length && a.every((operation, i) => sameOperation(operation, b[i]!));
}

function sameOperation(a: Operation, b: Operation): boolean {
  const left = a as unknown as Record<string, unknown>;
  const right = b as unknown as Record<string, unknown>;
  return Object.keys(left).every((key) => {
    const [x, y] = [left[key], right[key]];
    if (key === 'span') return sameSpan(x as AttentionSpan, y as AttentionSpan | undefined);
    return Array.isArray(x) && Array.isArray(y) ? x.length === y.length && x.every((item, i) => item === y[i]) : x === y;
  });
}

function sameSpan(a: AttentionSpan, b: AttentionSpan | undefined): boolean {
  return a.window === b?.window && a.softcap === b.softcap && a.everything === b.everything;
}
