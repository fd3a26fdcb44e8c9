import { FacetError } from '../../errors';

const PAGE = 65_536;
/** Pages of a new memory. */
const INITIAL = 16;
/** Most pages that 32-bit addresses reach; the modules declare it as their maximum. */
const MOST_PAGES = 65_536;
/** Pages below which a shared memory is no use. */
const LEAST_PAGES = 4_096;
/** Vector loads may run this far past an array's end: three groups of the widest layout and one vector. */
const OVERREAD = 128;

/**
 * Lays a kernel module's memory out, front to back. Nothing is given back: a model's memory goes with its instance.
 * Growing replaces the buffer, so views are made anew for each use.
 */
export class Arena {
  readonly memory: WebAssembly.Memory;
  #next: number;

  /** @param memory the memory that the kernels import; `heapBase` its first free address */
  constructor(memory: WebAssembly.Memory, heapBase: number) {
    this.memory = memory;
    this.#next = heapBase;
  }

  /** Bytes in use. */
  get used(): number {
    return this.#next;
  }

  /**
   * Address of `bytes` zeroed bytes, at a multiple of 64, so that threads that write to neighbours share no cache line.
   *
   * @throws FacetError `out-of-memory`
   */
  allocate(bytes: number): number {
    const address = Math.ceil(this.#next / 64) * 64;
    const end = address + bytes + OVERREAD;
    this.#grow(end);
    this.#next = end;
    return address;
  }

  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, address, length);
  }

  floats(address: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, length);
  }

  view(address: number, length: number): DataView {
    return new DataView(this.memory.buffer, address, length);
  }

  #grow(end: number): void {
    const missing = end - this.memory.buffer.byteLength;
    if (missing <= 0) return;
    try {
      this.memory.grow(Math.ceil(missing / PAGE));
    } catch (error) {
      const mebibytes = Math.ceil(end / 2 ** 20);
      throw new FacetError('out-of-memory', `The browser refused to grow the model's memory to ${mebibytes} MiB.`, {
        cause: error,
      });
    }
  }
}

/**
 * A memory for one thread or, `shared`, for several. Browsers reserve the whole maximum of a shared one at once, and phones
 * refuse much, so less is asked for until it is granted.
 */
export function newMemory(shared: boolean): WebAssembly.Memory {
  if (!shared) return new WebAssembly.Memory({ initial: INITIAL });
  for (let maximum = MOST_PAGES; ; maximum /= 2) {
    try {
      return new WebAssembly.Memory({ initial: INITIAL, maximum, shared: true });
    } catch (error) {
      if (maximum > LEAST_PAGES) continue;
      throw new FacetError('out-of-memory', 'The browser refused memory that threads share.', { cause: error });
    }
  }
}
