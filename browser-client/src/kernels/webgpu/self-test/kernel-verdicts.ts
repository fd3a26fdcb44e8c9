/** Where verdicts outlive the page: one text. */
export interface VerdictStore {
  read(): Promise<string | null>;
  write(text: string): Promise<void>;
}

/** What checks have found on a device, by kernel; what was found in an earlier visit need not be checked again. */
export class KernelVerdicts {
  readonly #store: VerdictStore | null;
  readonly #right: Map<string, boolean>;
  #changed = false;

  private constructor(store: VerdictStore | null, right: Map<string, boolean>) {
    this.#store = store;
    this.#right = right;
  }

  /** @param store null to check everything on every visit; a store that cannot be read is as good as none */
  static async open(store: VerdictStore | null): Promise<KernelVerdicts> {
    return new KernelVerdicts(store, new Map(parse(await store?.read().catch(() => null))));
  }

  /** Whether the kernel computes rightly; undefined where nobody knows. */
  of(label: string): boolean | undefined {
    return this.#right.get(label);
  }

  add(label: string, right: boolean): void {
    this.#right.set(label, right);
    this.#changed = true;
  }

  /** Keeps what was found; a failure to do so costs the next visit its checks and nothing else. */
  async save(): Promise<void> {
    if (!this.#changed) return;
    this.#changed = false;
    await this.#store?.write(JSON.stringify([...this.#right])).catch(() => undefined);
  }
}

function parse(text: string | null | undefined): [string, boolean][] {
  try {
    const entries: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(entries) ? entries.filter(isVerdict) : [];
  } catch {
    return [];
  }
}

function isVerdict(entry: unknown): entry is [string, boolean] {
  return Array.isArray(entry) && typeof entry[0] === 'string' && typeof entry[1] === 'boolean';
}
