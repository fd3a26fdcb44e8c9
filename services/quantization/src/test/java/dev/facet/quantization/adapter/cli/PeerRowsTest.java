package dev.facet.quantization.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.quantization.domain.evaluation.Evaluation;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeerRowsTest {
  @Test
  void aRowThatLosesIsSaidToBeLost() {
    // Given
    PeerTable table =
        new PeerTable(
            "m",
            "measured elsewhere",
            6.5,
            List.of(new Peer("fine", 10, 0.2, 0.15), new Peer("hard", 20, 0.01, null)));
    PeerRows rows = new PeerRows(table, List.of(evaluation(0.1), evaluation(0.02)));
    StringWriter out = new StringWriter();

    // When
    PrintWriter writer = new PrintWriter(out);
    rows.print(writer);
    writer.flush();

    // Then
    assertThat(out.toString().lines().filter(line -> line.endsWith("lost")))
        .singleElement()
        .asString()
        .startsWith("hard")
        .contains("2.00");
    assertThat(out.toString()).contains("perplexity is 6.500 on theirs and 7.000 on ours");
    assertThat(rows.rows()).extracting(BenchRow::reached).containsExactly(true, true, false, false);
    assertThat(rows.rows().get(0).floor()).isEqualTo(1.05 * 0.15);
    assertThat(rows.rows().get(0).goal()).isEqualTo(0.1);
  }

  @Test
  void thePeersFileIsRead() throws IOException {
    // When
    PeerTable table = PeerTable.read(Path.of("../../bench/quantize-peers.json"));

    // Then
    assertThat(table.model()).isEqualTo("docs-29m");
    assertThat(table.peers()).hasSize(15).allMatch(peer -> peer.floor() <= 1.001 * peer.meanKl());
  }

  private static Evaluation evaluation(double meanKl) {
    return new Evaluation(100, 7.5, 7.0, meanKl, 0.5, 1, 0.9);
  }
}
