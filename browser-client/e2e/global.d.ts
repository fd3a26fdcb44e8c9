import type { Facet } from '../src/index';

declare global {
  /** The client that the playground has connected. */
  var facet: Facet | undefined;
}
