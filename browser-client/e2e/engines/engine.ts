/** A browser of another engine than Chromium, with one page. */
export interface Engine {
  open(url: string): Promise<void>;
  /** Runs a function of the page that needs nothing but its argument; what goes in and out is JSON. */
  run<A, R>(work: (argument: A) => R | Promise<R>, argument: A): Promise<R>;
  close(): Promise<void>;
}
