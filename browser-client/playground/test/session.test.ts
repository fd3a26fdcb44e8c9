import { beforeEach, describe, expect, it, vi } from 'vitest';
import { FacetError, type ConnectOptions, type Facet, type GenerationStats, type LoadOptions, type ModelSummary, type Piece } from '../../src';
import { PlaygroundSession } from '../src/playground/model/session';
import { activityOf } from '../src/playground/model/session-state';
import { DEFAULT_SETTINGS } from '../src/playground/model/settings';
import { HttpFailure } from '../src/shared/http';
import { preferences } from '../src/shared/preferences';
import { planOf } from '../dev/documents.mjs';

const STATS = { promptTokens: 3, reusedTokens: 0, tokens: 2, timeToFirstTokenMs: 5, prefillMsPerToken: 1, decodeMsPerToken: 4, tokensPerSecond: 250, finish: 'max-tokens' } as const;
const published = (id: string) => ({ id, state: 'published', architecture: 'llama', points: [] }) as unknown as ModelSummary;

/** A client whose loads and generations the test decides. */
class FakeClient {
  readonly connections: ConnectOptions[] = [];
  readonly loads: [string, LoadOptions][] = [];
  unloaded = 0;
  closed = 0;
  failLoad: Error | null = null;
  /** Settles as the refinement of models does. */
  completed: Promise<void> = Promise.resolve();
  pieces: Piece[] = [
    { text: ' class', ids: [1] },
    { text: ' template', ids: [2, 3] },
  ];
  /** Called before each piece. */
  beforePiece: () => void = () => undefined;

  readonly connect = async (options: ConnectOptions): Promise<Facet> => {
    this.connections.push(options);
    const facet = { profile: { id: 'p', deviceClass: 'wasm', description: '' }, report: {}, load: this.#load, close: () => this.closed++ };
    return facet as unknown as Facet;
  };

  readonly #load = async (id: string, options: LoadOptions) => {
    this.loads.push([id, options]);
    if (this.failLoad) throw this.failLoad;
    return {
      plan: planOf(),
      complete: this.completed,
      generate: (_prompt: string, { signal }: { signal: AbortSignal }) => this.#generate(signal),
      stats: () => ({ generation: { ...STATS, finish: 'aborted' } }),
      unload: async () => void this.unloaded++,
    };
  };

  async *#generate(signal: AbortSignal): AsyncGenerator<Piece, GenerationStats> {
    for (const piece of this.pieces) {
      this.beforePiece();
      if (signal.aborted) throw new FacetError('aborted', '');
      yield piece;
    }
    return STATS;
  }
}

function sessionWith(client: FakeClient, models: readonly ModelSummary[] = [published('docs-29m')]) {
  const onClient = vi.fn();
  const session = new PlaygroundSession({ connect: client.connect, listModels: async () => models, now: () => 0, onClient });
  return { session, onClient };
}

describe('PlaygroundSession', () => {
  beforeEach(() => ['telemetry', 'model'].forEach((key) => preferences.set(key, null)));

  it('connects, chooses the first usable model and is ready', async () => {
    const client = new FakeClient();
    const { session, onClient } = sessionWith(client);
    await session.start();
    expect(activityOf(session.snapshot())).toBe('ready');
    expect(session.snapshot().chosen).toBe('docs-29m');
    expect(client.connections).toEqual([{ telemetry: true }]);
    expect(onClient).toHaveBeenCalledOnce();
  });

  it('writes: loads once, adds pieces, keeps the client’s figures', async () => {
    const client = new FakeClient();
    const { session } = sessionWith(client);
    await session.start();
    await session.write('The', DEFAULT_SETTINGS);
    await session.write('The', { ...DEFAULT_SETTINGS, temperature: 1.1 });
    const { writing } = session.snapshot();
    expect(writing).toMatchObject({ phase: 'done', text: ' class template', stats: STATS });
    expect(client.loads).toHaveLength(1);
  });

  it('writes from base planes on, and keeps the text when the rest of the planes does not come', async () => {
    const client = new FakeClient();
    client.completed = new Promise((_, reject) => {
      client.beforePiece = () => reject(new FacetError('network', 'The line is gone.'));
    });
    const { session } = sessionWith(client);
    await session.start();
    await session.write('The', DEFAULT_SETTINGS);
    expect(client.loads[0]![1].early).toBe(true);
    expect(session.snapshot().writing).toMatchObject({ phase: 'done', text: ' class template' });
    expect(session.snapshot().failure?.detail).toBe('The line is gone.');
  });

  it('loads anew, and frees the old one, when the pin changes', async () => {
    const client = new FakeClient();
    const { session } = sessionWith(client);
    await session.start();
    await session.write('The', DEFAULT_SETTINGS);
    await session.write('The', { ...DEFAULT_SETTINGS, pinBits: 2 });
    expect(client.loads.map(([, options]) => options.pin)).toEqual([undefined, { bits: 2 }]);
    expect(client.unloaded).toBe(1);
  });

  it('keeps the text of a stopped generation, with its figures', async () => {
    const client = new FakeClient();
    const { session } = sessionWith(client);
    await session.start();
    let asked = 0;
    client.beforePiece = () => ++asked === 2 && session.stop();
    await session.write('The', DEFAULT_SETTINGS);
    expect(session.snapshot().writing).toMatchObject({ phase: 'stopped', text: ' class', stats: { finish: 'aborted' } });
    expect(session.snapshot().failure).toBeNull();
  });

  it('goes back to the start when loading is stopped', async () => {
    const client = new FakeClient();
    const { session } = sessionWith(client);
    await session.start();
    client.failLoad = new FacetError('aborted', '');
    await session.write('The', DEFAULT_SETTINGS);
    expect(session.snapshot().loading.phase).toBe('none');
    expect(session.snapshot().failure).toBeNull();
    expect(activityOf(session.snapshot())).toBe('ready');
  });

  it('shows a failure and can try again', async () => {
    const client = new FakeClient();
    const { session } = sessionWith(client);
    await session.start();
    client.failLoad = new FacetError('network', 'Gone.');
    await session.write('The', DEFAULT_SETTINGS);
    expect(session.snapshot().failure?.detail).toBe('Gone.');
    client.failLoad = null;
    await session.write('The', DEFAULT_SETTINGS);
    expect(session.snapshot().failure).toBeNull();
    expect(session.snapshot().writing.phase).toBe('done');
  });

  it('registers anew, once, when its session has expired', async () => {
    const client = new FakeClient();
    const { session } = sessionWith(client);
    await session.start();
    client.failLoad = new FacetError('session-expired', 'Expired.');
    await session.write('The', DEFAULT_SETTINGS);
    expect(client.connections).toHaveLength(2);
    expect(client.loads).toHaveLength(2);
    expect(session.snapshot().failure?.title).toBe('The session has expired');
  });

  it('connects anew without telemetry when consent is withdrawn, and remembers that', async () => {
    const client = new FakeClient();
    const { session } = sessionWith(client);
    await session.start();
    await session.setConsent(false);
    expect(client.connections).toEqual([{ telemetry: true }, { telemetry: false }]);
    expect(client.closed).toBe(1);
    expect(sessionWith(client).session.consent).toBe(false);
  });

  it('shows an outage of the catalogue beside a good connection, and looks again', async () => {
    vi.useFakeTimers();
    const answers: (readonly ModelSummary[] | Error)[] = [new HttpFailure('/v1/models', 502, null), [published('docs-29m')]];
    const listModels = vi.fn(async () => {
      const answer = answers.shift()!;
      if (answer instanceof Error) throw answer;
      return answer;
    });
    const client = new FakeClient();
    const session = new PlaygroundSession({ connect: client.connect, listModels, now: () => 0, onClient: () => undefined });
    await session.start();
    expect(session.snapshot().catalogue.phase).toBe('failed');
    expect(session.snapshot().connection.phase).toBe('connected');
    await vi.advanceTimersByTimeAsync(5000);
    expect(session.snapshot().chosen).toBe('docs-29m');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(listModels).toHaveBeenCalledTimes(2);
    vi.useRealTimers();
  });

  it('prefers the model that was chosen last time', async () => {
    const client = new FakeClient();
    const models = [published('a'), published('b')];
    const first = sessionWith(client, models).session;
    await first.start();
    first.choose('b');
    const second = sessionWith(client, models).session;
    await second.start();
    expect(second.snapshot().chosen).toBe('b');
  });
});
