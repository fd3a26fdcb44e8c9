package dev.facet.capability.domain.deviceclass;

/** Where a model's arithmetic runs. */
public enum Backend {
  WASM("wasm"),
  WEBGPU("webgpu");

  private final String id;

  Backend(String id) {
    this.id = id;
  }

  /** As plans, bundles and events write it. */
  public String id() {
    return id;
  }
}
