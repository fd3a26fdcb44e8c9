import type { Plan, PlanReason } from '../../../../src';
import * as format from '../../shared/format';

/** One choice of the plan, ready to be read. */
export interface ChoiceView {
  readonly name: string;
  readonly value: string;
  readonly because: string;
  /** `instead of WebGPU`; null where nothing else came into question. */
  readonly runnerUp: string | null;
}

const NAMES: Readonly<Record<string, string>> = {
  backend: 'Backend',
  precision: 'Precision',
  context: 'Context',
  kv: 'KV cache',
  threads: 'Threads',
  buffers: 'Buffers',
};

/** Told beside the memory bar, not among the choices. */
const MEMORY = 'memory';

/** The plan's choices in reading order; choices this page does not know come last, under their own name. */
export function choicesOf(plan: Plan): ChoiceView[] {
  const order = Object.keys(NAMES);
  const rank = (reason: PlanReason) => (order.indexOf(reason.choice) + order.length + 1) % (order.length + 1);
  return plan.reasons
    .filter((reason) => reason.choice !== MEMORY)
    .sort((a, b) => rank(a) - rank(b))
    .map((reason) => choiceOf(reason, plan));
}

function choiceOf(reason: PlanReason, plan: Plan): ChoiceView {
  const runnerUp = reason.runnerUp ?? null;
  return {
    name: NAMES[reason.choice] ?? capitalized(reason.choice),
    value: valueOf(reason.choice, plan) ?? wording(reason.choice, reason.value),
    because: reason.because,
    runnerUp: runnerUp === null || runnerUp === '' ? null : `instead of ${wording(reason.choice, runnerUp)}`,
  };
}

function valueOf(choice: string, plan: Plan): string | null {
  switch (choice) {
    case 'backend':
      return backendName(plan.backend);
    case 'precision':
      return `${format.compact(plan.point.bodyBits)} bits, ${plan.point.id}`;
    case 'context':
      return format.plural(plan.contextLength, 'token');
    case 'kv':
      return plan.kv.keys === plan.kv.values ? plan.kv.keys : `${plan.kv.keys} keys, ${plan.kv.values} values`;
    case 'threads':
      return String(plan.threads);
    default:
      return null;
  }
}

function wording(choice: string, value: string | number): string {
  if (choice === 'backend') return backendName(String(value));
  if (choice === 'buffers') return `${value} a tensor`;
  if (choice === 'context' && Number.isFinite(Number(value))) return format.plural(Number(value), 'token');
  return String(value);
}

export function backendName(backend: string): string {
  return backend === 'webgpu' ? 'WebGPU' : backend === 'wasm' ? 'WebAssembly' : backend;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The plan's memory as parts of its budget. */
export interface MemoryView {
  readonly parts: readonly { readonly name: string; readonly size: string; readonly share: number }[];
  readonly total: string;
  readonly budget: string;
  readonly share: number;
  /** Where the budget comes from; empty when the plan does not say. */
  readonly because: string;
}

export function memoryOf(plan: Plan): MemoryView {
  const { budgetBytes, weightBytes, kvBytes, workBytes, totalBytes } = plan.memory;
  const scale = Math.max(budgetBytes, totalBytes, 1);
  const part = (name: string, bytes: number) => ({ name, size: format.bytes(bytes), share: bytes / scale });
  return {
    parts: [part('Weights', weightBytes), part('KV cache', kvBytes), part('Working space', workBytes)],
    total: format.bytes(totalBytes),
    budget: format.bytes(budgetBytes),
    share: totalBytes / scale,
    because: plan.reasons.find((reason) => reason.choice === MEMORY)?.because ?? '',
  };
}
