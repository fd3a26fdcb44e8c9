package dev.facet.quantization.domain.checkpoint;

/** The JSON files that stand beside config.json. */
@FunctionalInterface
interface SettingsFiles {
  /**
   * @param name within the checkpoint's folder
   * @return an empty object where there is no such file
   */
  JsonObject read(String name);
}
