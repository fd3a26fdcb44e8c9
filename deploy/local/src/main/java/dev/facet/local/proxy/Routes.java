package dev.facet.local.proxy;

import dev.facet.local.mesh.Service;
import java.util.LinkedHashMap;
import java.util.Map;

/** Which service answers which path. */
final class Routes {

  private static final Map<String, Service> BY_PREFIX = new LinkedHashMap<>();

  static {
    BY_PREFIX.put("/v1/profiles", Service.CAPABILITY_DETECTION);
    BY_PREFIX.put("/v1/plans", Service.CAPABILITY_DETECTION);
    BY_PREFIX.put("/v1/models", Service.QUANTIZATION);
    BY_PREFIX.put("/v1/uploads", Service.QUANTIZATION);
    BY_PREFIX.put("/v1/telemetry", Service.TELEMETRY);
    BY_PREFIX.put("/v1/policies", Service.TELEMETRY);
  }

  private Routes() {}

  /**
   * The service for a path. Bundles, shards, streams, kernels and the client's files are all
   * shard-streaming's.
   *
   * @param path the path of a request, without its query
   */
  static Service serviceFor(String path) {
    return BY_PREFIX.entrySet().stream()
        .filter(route -> isAtOrUnder(path, route.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(Service.SHARD_STREAMING);
  }

  private static boolean isAtOrUnder(String path, String prefix) {
    return path.startsWith(prefix)
        && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
  }
}
