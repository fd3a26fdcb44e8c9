package dev.facet.quantization.adapter.cli;

import dev.facet.quantization.domain.evaluation.Evaluation;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** The comparison with the peers, as a table and as rows. */
final class PeerRows {
  private final PeerTable table;
  private final List<Evaluation> found;

  /**
   * @param found one evaluation for each peer
   */
  PeerRows(PeerTable table, List<Evaluation> found) {
    this.table = table;
    this.found = found;
  }

  List<BenchRow> rows() {
    List<BenchRow> rows = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      Peer peer = table.peers().get(i);
      double kl = found.get(i).meanKl();
      rows.add(
          BenchRow.lower(
              "mean KL at the size of " + peer.name(), kl, "nats", peer.floor(), peer.goal()));
      rows.add(
          BenchRow.lower(
              "ratio to " + peer.name(),
              kl / peer.meanKl(),
              "of peer's KL",
              peer.floor() / peer.meanKl(),
              0.5));
    }
    return rows;
  }

  void print(PrintWriter out) {
    out.printf("%s at the size of each peer's file.%n", table.model());
    out.printf("Peers: %s%n", table.source());
    out.printf(
        "The texts differ: full-precision perplexity is %.3f on theirs and %.3f on ours.%n%n",
        table.baselinePerplexity(), found.get(0).baselinePerplexity());
    out.printf("%-12s %12s %10s %10s %7s%n", "peer", "bytes", "its KL", "our KL", "ratio");
    for (int i = 0; i < found.size(); i++) {
      Peer peer = table.peers().get(i);
      double kl = found.get(i).meanKl();
      out.printf(
          "%-12s %,12d %10.5f %10.5f %7.2f %s%n",
          peer.name(),
          peer.bytes(),
          peer.meanKl(),
          kl,
          kl / peer.meanKl(),
          kl < peer.meanKl() ? "" : "lost");
    }
    out.println();
  }
}
