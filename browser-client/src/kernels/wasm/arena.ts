import { FacetError } from '../../errors';

const PAGE = 65_536;
/** Vector loads may run this far past an array's end: three groups of the widest layout and one vector. */
const OVERREAD = 128;

/**
 * Lays a kernel module's memory out, front to back. Nothing is given back: a model's memory goes with its instance.
 * Growing detaches the buffer, so views are made anew for each use.
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
   * Address of `bytes` zeroed bytes, at a multiple of 16.
   *
   * @throws FacetError `out-of-memory`
   */
  allocate(bytes: number): number {
    const address = this.#next;
    const end = Math.ceil((address + bytes + OVERREAD) / 16) * 16;
    this.#grow(end);
    this.#next = end;
    return address;
  }

  bytes(address: number, length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.memory.buffer as ArrayBuffer, address, length);
  }

  floats(address: number, length: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.memory.buffer as ArrayBuffer, address, length);
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
