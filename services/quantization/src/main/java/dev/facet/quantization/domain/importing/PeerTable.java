package dev.facet.quantization.domain.importing;

import java.util.List;

/**
 * What other tools make of a model.
 *
 * @param measured how, in a sentence
 */
public record PeerTable(String measured, List<Peer> peers) {
  public PeerTable {
    peers = peers == null ? List.of() : List.copyOf(peers);
  }
}
