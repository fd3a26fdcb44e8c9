import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A line of a given speed to a server on this host, both ways through this process; what comes down waits its turn. */
export class SlowLine {
  readonly #server: Server;
  readonly #bitsPerSecond: number;
  readonly #open = new Set<Socket>();
  readonly #webSockets = new WeakSet<Socket>();
  /** When the line has carried all that was put on it. */
  #freeAt = 0;
  #bytes = 0;

  private constructor(target: number, bitsPerSecond: number) {
    this.#bitsPerSecond = bitsPerSecond;
    this.#server = createServer((down) => this.#carry(down, connect(target, '127.0.0.1')));
  }

  /** @param target port of the server at the other end */
  static async open(target: number, bitsPerSecond: number): Promise<SlowLine> {
    const line = new SlowLine(target, bitsPerSecond);
    await new Promise<void>((resolve) => line.#server.listen(0, '127.0.0.1', resolve));
    return line;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Bytes that have come down. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Breaks every connection but WebSockets, whose loss would make the development server's page load itself anew. */
  cut(): void {
    for (const socket of this.#open) if (!this.#webSockets.has(socket)) socket.destroy();
  }

  async close(): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #carry(down: Socket, up: Socket): void {
    for (const [socket, other] of [[down, up], [up, down]] as const) {
      this.#open.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.#open.delete(socket);
        other.destroy();
      });
    }
    down.once('data', (head) => {
      if (/^upgrade: websocket/im.test(head.toString('latin1'))) for (const socket of [down, up]) this.#webSockets.add(socket);
    });
    down.pipe(up);
    up.on('data', (chunk) => {
      up.pause();
      setTimeout(() => {
        if (down.destroyed) return;
        this.#bytes += chunk.length;
        down.write(chunk);
        up.resume();
      }, this.#turn(chunk.length));
    });
  }

  /** Milliseconds until so many bytes have crossed. */
  #turn(bytes: number): number {
    const now = performance.now();
    this.#freeAt = Math.max(now, this.#freeAt) + (8000 * bytes) / this.#bitsPerSecond;
    return this.#freeAt - now;
  }
}
