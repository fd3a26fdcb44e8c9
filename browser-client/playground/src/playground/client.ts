import { Facet, type ConnectOptions } from '../../../src';

/** Connects to the mesh that served this page. A module of its own so that development can put another in its place. */
export function connect(options: ConnectOptions): Promise<Facet> {
  return Facet.connect('/', options);
}
