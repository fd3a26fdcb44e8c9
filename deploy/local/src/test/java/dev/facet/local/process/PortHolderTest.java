package dev.facet.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortHolderTest {

  @Test
  void findsTheProcessThatListens() throws IOException {
    assumeTrue(Files.exists(Path.of("/proc/net/tcp")));
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(PortHolder.of(socket.getLocalPort())).contains(ProcessHandle.current());
    }
  }

  @Test
  void findsNobodyWhereNobodyListens() throws IOException {
    assertThat(PortHolder.of(Ports.free(1).get(0))).isEmpty();
  }

  @Test
  void readsOnlyListeningSocketsOfThePort(@TempDir Path folder) throws IOException {
    // Given the kernel's table with port 8080 (1F90) listening, connected, and another listening
    Path table = folder.resolve("tcp");
    Files.writeString(
        table,
        """
          sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
           0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1
           1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 222 1
           2: 0100007F:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 333 1
        """);

    // When
    var inodes = PortHolder.listeningInodes(table, 8080);

    // Then
    assertThat(inodes).containsExactly("111");
  }
}
