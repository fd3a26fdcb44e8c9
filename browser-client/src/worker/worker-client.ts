import { FacetError } from '../errors';
import type { LoadProgress } from '../progress';
import type { Answer, Request, Results, Verb } from './protocol';

/** A request without the id that the client gives it. */
type Unsent<V extends Verb> = Omit<Extract<Request, { verb: V }>, 'id'>;

interface Listener {
  readonly resolve: (result: never) => void;
  readonly reject: (error: FacetError) => void;
  readonly onPiece?: ((text: string, ids: readonly number[]) => void) | undefined;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
  readonly onPiece?: ((text: string, ids: readonly number[]) => void) | undefined;
}

export type Broadcast = Extract<Answer, { kind: 'state' | 'measured' }>;

/** The page's end of the worker protocol: turns requests into promises and answers into callbacks. */
export class WorkerClient {
  readonly #worker: Worker;
  readonly #listeners = new Map<number, Listener>();
  /** Listeners of loads, which go on after a model that was wanted early has been handed over. */
  readonly #loads = new Map<number, (progress: LoadProgress) => void>();
  readonly #onBroadcast: (broadcast: Broadcast) => void;
  #nextId = 1;
  #closed = false;

  constructor(worker: Worker, onBroadcast: (broadcast: Broadcast) => void) {
    this.#worker = worker;
    this.#onBroadcast = onBroadcast;
    worker.onmessage = (event: MessageEvent<Answer>) => this.#receive(event.data);
    worker.onerror = (event) => this.#failAll(new FacetError('internal', event.message || 'The worker could not start.'));
  }

  call<V extends Verb>(request: Unsent<V>, options: CallOptions = {}): Promise<Results[V]> {
    if (this.#closed) return Promise.reject(new FacetError('closed', 'This client was closed.'));
    if (options.signal?.aborted) return Promise.reject(new FacetError('aborted', 'The operation was aborted.'));
    const id = this.#nextId++;
    const answered = new Promise<Results[V]>((resolve, reject) => {
      this.#listeners.set(id, { resolve, reject, onPiece: options.onPiece });
    });
    if (options.onProgress) this.#loads.set(id, options.onProgress);
    this.#worker.postMessage({ ...request, id });
    return this.#cancelOnAbort(id, answered, options.signal);
  }

  close(): void {
    this.#closed = true;
    this.#worker.terminate();
    this.#failAll(new FacetError('closed', 'This client was closed.'));
  }

  #cancelOnAbort<T>(id: number, answered: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    if (!signal) return answered;
    const cancel = () => this.#worker.postMessage({ verb: 'cancel', id: this.#nextId++, target: id } satisfies Request);
    signal.addEventListener('abort', cancel, { once: true });
    return answered.finally(() => signal.removeEventListener('abort', cancel));
  }

  #receive(answer: Answer): void {
    if (answer.kind === 'state' || answer.kind === 'measured') return this.#onBroadcast(answer);
    if (answer.kind === 'progress') return this.#progress(answer.id, answer.progress);
    const listener = this.#listeners.get(answer.id);
    if (!listener) return;
    if (answer.kind === 'piece') return listener.onPiece?.(answer.text, answer.ids);
    this.#listeners.delete(answer.id);
    if (answer.kind === 'done') listener.resolve(answer.result as never);
    else {
      this.#loads.delete(answer.id);
      listener.reject(FacetError.deserialize(answer.error));
    }
  }

  #progress(id: number, progress: LoadProgress): void {
    const listener = this.#loads.get(id);
    if (progress.phase === 'ready') this.#loads.delete(id);
    listener?.(progress);
  }

  #failAll(error: FacetError): void {
    for (const listener of this.#listeners.values()) listener.reject(error);
    this.#listeners.clear();
    this.#loads.clear();
  }
}
