/** Every way in which the client can fail. The code is stable and goes into telemetry; the texts may change. */
export type FacetErrorCode =
  | 'insecure-context'
  | 'no-wasm-simd'
  | 'no-backend'
  | 'network'
  | 'service-problem'
  | 'nothing-fits'
  | 'model-not-found'
  | 'session-expired'
  | 'manifest-invalid'
  | 'manifest-signature'
  | 'integrity'
  | 'stream-malformed'
  | 'kernel-invalid'
  | 'tokenizer-invalid'
  | 'component-invalid'
  | 'out-of-memory'
  | 'device-lost'
  | 'numeric-failure'
  | 'context-exceeded'
  | 'invalid-argument'
  | 'busy'
  | 'aborted'
  | 'closed'
  | 'internal';

/** What a person or a program can do about each failure, when nothing more precise is known. */
const REMEDIES: Readonly<Record<FacetErrorCode, string>> = Object.freeze({
  'insecure-context': 'Open the page over https:// or on localhost.',
  'no-wasm-simd': 'Update the browser: Chrome 91, Firefox 89 and Safari 16.4 or newer run WebAssembly SIMD.',
  'no-backend': 'Use a browser with WebAssembly SIMD or WebGPU.',
  network: 'Check the connection and try again; what was received is not fetched again while the page is open.',
  'service-problem': 'Try again in a moment; if it stays, show this message to the operator of the service.',
  'nothing-fits': 'Choose a smaller model, fewer bits or a shorter context, or close other tabs.',
  'model-not-found': 'Choose a model that GET /v1/models lists as published.',
  'session-expired': 'Connect again; the client then registers this browser anew.',
  'manifest-invalid': 'Reload the page; if it stays, the client and the service are of different releases.',
  'manifest-signature': 'Do not use this origin: the manifest was not signed with a trusted key.',
  integrity: 'Try again; if it stays, a proxy or cache between browser and service alters the files.',
  'stream-malformed': 'Try again; if it stays, a proxy between browser and service alters the stream.',
  'kernel-invalid': 'Reload the page; if it stays, update the browser or choose the other backend.',
  'tokenizer-invalid': 'The model was published with a tokenizer this client cannot read: import it again.',
  'component-invalid': 'Nothing has changed: the model runs with the component that it had. Choose another precision or revision.',
  'out-of-memory': 'Close other tabs, choose fewer bits or a shorter context.',
  'device-lost': 'Load the model again, with { pin: { backend: "wasm" } } if the graphics device keeps failing.',
  'numeric-failure': 'Load the model again with { pin: { backend: "wasm" } }: this graphics device computes wrongly.',
  'context-exceeded': 'Shorten the prompt or load the model with a longer context.',
  'invalid-argument': 'Correct the argument named in the message.',
  busy: 'Wait until the running generation has ended, or abort it.',
  aborted: 'Nothing to do: the caller stopped it.',
  closed: 'Connect or load again.',
  internal: 'Reload the page and report this message.',
});

/** RFC 9457 problem details, as sent by the services. */
export interface ProblemDetails {
  readonly type?: string;
  readonly title?: string;
  readonly status?: number;
  readonly detail?: string;
  readonly [extension: string]: unknown;
}

/** The form in which an error crosses from the worker to the page. */
export interface SerializedError {
  readonly code: FacetErrorCode;
  readonly message: string;
  readonly remedy: string;
  readonly problem?: ProblemDetails;
}

/** The one error type that the client throws: what happened (`message`), and what to do about it (`remedy`). */
export class FacetError extends Error {
  override readonly name = 'FacetError';
  readonly code: FacetErrorCode;
  readonly remedy: string;
  /** The service's problem document, when the failure came from a service. */
  readonly problem?: ProblemDetails;

  constructor(
    code: FacetErrorCode,
    message: string,
    options: { remedy?: string; problem?: ProblemDetails; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.remedy = options.remedy ?? REMEDIES[code];
    if (options.problem) this.problem = options.problem;
  }

  serialize(): SerializedError {
    const base = { code: this.code, message: this.message, remedy: this.remedy };
    return this.problem ? { ...base, problem: this.problem } : base;
  }

  static deserialize(error: SerializedError): FacetError {
    const { code, message, ...options } = error;
    return new FacetError(code, message, options);
  }

  /** Any thrown value as a FacetError; DOM abort errors and allocation failures keep their meaning. */
  static from(thrown: unknown): FacetError {
    if (thrown instanceof FacetError) return thrown;
    if (thrown instanceof DOMException && thrown.name === 'AbortError') {
      return new FacetError('aborted', 'The operation was aborted.', { cause: thrown });
    }
    if (thrown instanceof RangeError && /memory|allocation/i.test(thrown.message)) {
      return new FacetError('out-of-memory', `The browser refused to give memory: ${thrown.message}.`, { cause: thrown });
    }
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return new FacetError('internal', message, { cause: thrown });
  }
}
