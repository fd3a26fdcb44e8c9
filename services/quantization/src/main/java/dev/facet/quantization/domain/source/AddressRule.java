package dev.facet.quantization.domain.source;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/**
 * Tells public addresses from those that lead into one's own network or nowhere.
 *
 * @see <a href="https://www.iana.org/assignments/iana-ipv4-special-registry">special IPv4
 *     ranges</a>
 * @see <a href="https://www.iana.org/assignments/iana-ipv6-special-registry">special IPv6
 *     ranges</a>
 */
public final class AddressRule {
  private record Range(byte[] prefix, int bits) {
    boolean holds(byte[] address) {
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> bit % 8;
        if (((address[bit / 8] ^ prefix[bit / 8]) & mask) != 0) {
          return false;
        }
      }
      return true;
    }
  }

  private static final List<Range> CLOSED_4 =
      List.of(
          range(8, 0),
          range(8, 10),
          range(10, 100, 64),
          range(8, 127),
          range(16, 169, 254),
          range(12, 172, 16),
          range(24, 192, 0, 0),
          range(24, 192, 0, 2),
          range(24, 192, 88, 99),
          range(16, 192, 168),
          range(15, 198, 18),
          range(24, 198, 51, 100),
          range(24, 203, 0, 113),
          range(3, 224));

  /** Global unicast; all else is local, multicast or unassigned. */
  private static final Range OPEN_6 = range(3, 0x20);

  private static final List<Range> CLOSED_6 =
      List.of(
          range(23, 0x20, 0x01, 0x00),
          range(32, 0x20, 0x01, 0x0d, 0xb8),
          range(16, 0x20, 0x02),
          range(20, 0x3f, 0xff, 0x00));

  private AddressRule() {}

  private static Range range(int bits, int... prefix) {
    byte[] bytes = new byte[16];
    for (int i = 0; i < prefix.length; i++) {
      bytes[i] = (byte) prefix[i];
    }
    return new Range(bytes, bits);
  }

  /** Whether the address is reached over the public internet, tunnels not counted. */
  public static boolean isPublic(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (address instanceof Inet4Address) {
      return CLOSED_4.stream().noneMatch(range -> range.holds(bytes));
    }
    if (address instanceof Inet6Address && mapsIpv4(bytes)) {
      byte[] inner = Arrays.copyOfRange(bytes, 12, 16);
      return CLOSED_4.stream().noneMatch(range -> range.holds(inner));
    }
    return OPEN_6.holds(bytes) && CLOSED_6.stream().noneMatch(range -> range.holds(bytes));
  }

  /** {@code ::ffff:0:0/96} and {@code 64:ff9b::/96}, by which an IPv4 host is meant. */
  private static boolean mapsIpv4(byte[] bytes) {
    return range(96, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff).holds(bytes)
        || range(96, 0, 0x64, 0xff, 0x9b).holds(bytes);
  }
}
