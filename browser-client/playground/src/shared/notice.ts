/** A message for people: what happened, what to do about it, and the buttons that do it. */
export interface Notice {
  readonly tone: 'error' | 'warning' | 'info';
  readonly title: string;
  readonly detail?: string;
  readonly remedy?: string;
  /** A command line that the operator can copy. */
  readonly command?: string;
  /** How far something is, 0..1. */
  readonly progress?: number;
  readonly actions?: readonly NoticeAction[];
}

export type NoticeAction =
  | { readonly kind: 'retry'; readonly label: string }
  | { readonly kind: 'reload'; readonly label: string }
  /** Run on WebAssembly instead of WebGPU. */
  | { readonly kind: 'wasm'; readonly label: string }
  /** Leave the precision to the planner and take this context. */
  | { readonly kind: 'fit'; readonly label: string; readonly maxContext: number };
