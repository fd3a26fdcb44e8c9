import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const FACET = fileURLToPath(new URL('../../facet', import.meta.url));
const run = promisify(execFile);

/** The mesh of this checkout on a free port, with data of its own: what an operator gets from `./facet up`. */
export class RunningMesh {
  readonly #data: string;
  readonly #environment: NodeJS.ProcessEnv;
  origin = '';

  private constructor(data: string, environment: NodeJS.ProcessEnv) {
    this.#data = data;
    this.#environment = environment;
  }

  /** @param settings environment of the services, for example a target for the tuner */
  static async start(settings: Record<string, string>): Promise<RunningMesh> {
    const data = await mkdtemp(join(tmpdir(), 'facet-e2e-'));
    const mesh = new RunningMesh(data, { ...process.env, ...settings });
    await mesh.up();
    return mesh;
  }

  async up(): Promise<void> {
    await this.#facet('up', '--detach', '--port', '0');
    const status = JSON.parse(await this.#facet('status', '--json')) as { url: string };
    this.origin = status.url;
  }

  /** Waits until no better edition of the model is being made: one that comes later would change its bundles. */
  async settled(model: string): Promise<void> {
    for (;;) {
      const { improving } = await this.get<{ improving: boolean }>(`/v1/models/${model}`);
      if (!improving) return;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  async down(): Promise<void> {
    await this.#facet('down');
  }

  /** Ends the mesh and removes its data. */
  async close(): Promise<void> {
    await this.down();
    await rm(this.#data, { recursive: true, force: true });
  }

  async get<T>(path: string): Promise<T> {
    const response = await fetch(this.origin + path);
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  async #facet(...words: string[]): Promise<string> {
    const { stdout } = await run(FACET, [...words, '--data', this.#data], { env: this.#environment });
    return stdout;
  }
}
