package dev.facet.quantization.adapter.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Peers' figures, measured once elsewhere.
 *
 * @param model they quantized
 * @param source who measured what, and how
 * @param baselinePerplexity of the full-precision model on the source's text
 */
record PeerTable(String model, String source, double baselinePerplexity, List<Peer> peers) {

  static PeerTable read(Path file) throws IOException {
    return new JsonMapper().readValue(file.toFile(), PeerTable.class);
  }
}
