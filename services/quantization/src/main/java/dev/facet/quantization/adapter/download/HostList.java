package dev.facet.quantization.adapter.download;

import dev.facet.quantization.domain.source.FetchProblem;
import java.net.URI;
import java.util.List;
import java.util.Locale;

/** The hosts that may be fetched from. */
final class HostList {
  private static final String ALL_BELOW = "*.";

  private final List<String> allowed;

  /**
   * @param allowed host names; {@code *.} before one stands for all below it
   */
  HostList(List<String> allowed) {
    this.allowed = allowed.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
  }

  /**
   * @throws FetchProblem for a host that is not listed, or another scheme than http and https
   */
  void require(URI url) {
    String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https") || url.getRawUserInfo() != null) {
      throw new FetchProblem.BadRedirect(url.toString(), "is no plain http(s) URL");
    }
    String host = String.valueOf(url.getHost()).toLowerCase(Locale.ROOT);
    if (allowed.stream().noneMatch(entry -> matches(entry, host))) {
      throw new FetchProblem.HostNotAllowed(url.toString(), host, allowed);
    }
  }

  private static boolean matches(String entry, String host) {
    return entry.startsWith(ALL_BELOW)
        ? host.endsWith(entry.substring(1)) && host.length() >= entry.length()
        : host.equals(entry);
  }
}
