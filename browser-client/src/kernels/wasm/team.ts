import { instantiate, type WasmKernels } from './exports';

/** What a helper thread starts from; it can be posted to a worker. */
export interface HelperTask {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Address of what threads share. */
  readonly job: number;
  /** 1 for the first helper. */
  readonly member: number;
}

export interface Helper {
  terminate(): unknown;
}

export interface TeamOptions {
  /** Threads, the one that calls among them. */
  readonly threads: number;
  readonly start: (task: HelperTask) => Helper;
}

/** Threads that share a kernel module's memory: the calling one leads, the others are waiting to help. */
export class Team {
  readonly threads: number;
  readonly #helpers: Helper[] = [];

  /** @param job address of `jobBytes` */
  constructor(module: WebAssembly.Module, kernels: WasmKernels, memory: WebAssembly.Memory, job: number, options: TeamOptions | null) {
    try {
      for (let member = 1; member < (options?.threads ?? 1); member++) {
        this.#helpers.push(options!.start({ module, memory, job, member }));
      }
    } catch (error) {
      console.warn(`Only ${this.#helpers.length + 1} threads could be started.`, error);
    }
    this.threads = this.#helpers.length + 1;
    kernels.team_lead(job, this.threads);
  }

  dismiss(): void {
    for (const helper of this.#helpers) helper.terminate();
  }
}

/** What a helper thread does: it helps until it is terminated. */
export async function help({ module, memory, job, member }: HelperTask): Promise<void> {
  const kernels = await instantiate(module, memory);
  kernels.team_help(job, member);
}

/** The name by which a worker's script knows that it is to help. */
export const HELPER_NAME = 'facet-helper';

/**
 * Starts a helper from inside a worker, by that worker's own script: nothing else has to be served, found by bundlers or
 * allowed by a content security policy.
 */
export function startHelper(task: HelperTask): Helper {
  const worker = new Worker(self.location.href, { type: 'module', name: HELPER_NAME });
  worker.postMessage(task);
  return worker;
}
