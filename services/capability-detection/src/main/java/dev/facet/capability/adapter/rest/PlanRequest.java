package dev.facet.capability.adapter.rest;

import dev.facet.capability.domain.deviceclass.Backend;
import dev.facet.capability.domain.plan.CachePrecision;
import dev.facet.capability.domain.plan.Pin;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;

/** Body of {@code POST /v1/plans}. */
public record PlanRequest(
    @NotNull UUID profile,
    @NotNull
        @Pattern(
            regexp = "[a-z0-9][a-z0-9._-]{0,63}",
            message = "must be a model id: a-z, 0-9, '.', '_' and '-'")
        String model,
    @Valid PinDocument pin) {

  /** What the caller fixes. */
  public record PinDocument(
      @DecimalMin("1") @DecimalMax("16") Double bits,
      @Pattern(regexp = "wasm|webgpu", message = "must be wasm or webgpu") String backend,
      @Min(64) @Max(1 << 24) Integer maxContext,
      @Pattern(
              regexp = "f32|q[2348](,q[2348])?",
              message = "must be f32, q8, q4, q3 or q2, or two of the latter for keys and values")
          String kv,
      @Min(1 << 20) Long memoryBytes) {
    Pin toPin() {
      return new Pin(
          bits == null ? OptionalDouble.empty() : OptionalDouble.of(bits),
          Optional.ofNullable(backend).map(id -> Backend.valueOf(id.toUpperCase(Locale.ROOT))),
          maxContext == null ? OptionalInt.empty() : OptionalInt.of(maxContext),
          Optional.ofNullable(kv).map(CachePrecision::parse),
          memoryBytes == null ? OptionalLong.empty() : OptionalLong.of(memoryBytes));
    }
  }

  Pin toPin() {
    return pin == null ? Pin.NOTHING : pin.toPin();
  }
}
