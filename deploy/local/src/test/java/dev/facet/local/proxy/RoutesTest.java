package dev.facet.local.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.local.mesh.Service;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutesTest {

  @ParameterizedTest
  @CsvSource({
    "/v1/profiles,CAPABILITY_DETECTION",
    "/v1/profiles/6b1e,CAPABILITY_DETECTION",
    "/v1/plans,CAPABILITY_DETECTION",
    "/v1/models,QUANTIZATION",
    "/v1/models/docs-29m/events,QUANTIZATION",
    "/v1/telemetry,TELEMETRY",
    "/v1/telemetry/live,TELEMETRY",
    "/v1/policies/docs-29m/x,TELEMETRY",
    "/v1/bundles/a~b,SHARD_STREAMING",
    "/v1/shards/00ff,SHARD_STREAMING",
    "/v1/streams/a~b,SHARD_STREAMING",
    "/v1/kernels/00ff,SHARD_STREAMING",
    "/,SHARD_STREAMING",
    "/dashboard,SHARD_STREAMING",
    "/v1/modelsandmore,SHARD_STREAMING",
  })
  void eachPathHasItsService(String path, Service service) {
    assertThat(Routes.serviceFor(path)).isEqualTo(service);
  }
}
