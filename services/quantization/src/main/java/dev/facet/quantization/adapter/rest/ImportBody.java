package dev.facet.quantization.adapter.rest;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Body of {@code POST /v1/models}.
 *
 * @param source folder under the models directory, {@code hf:org/name@revision}, an http(s) URL or
 *     {@code upload:id}
 * @param id id to import under; the folder's name in lower case if left out
 * @param calibration text to calibrate on, of which the last quarter is kept to measure on; if left
 *     out, the model writes one
 */
@Schema(name = "Import")
public record ImportBody(
    @NotBlank(message = "names what to import from")
        @Size(max = 512, message = "has at most 512 characters")
        @Schema(examples = "docs-29m")
        String source,
    @Pattern(
            regexp = "[a-z0-9][a-z0-9._-]{0,63}",
            message =
                "is 1 to 64 characters of a-z, 0-9, '.', '_' and '-', the first a letter or digit")
        @Schema(examples = "docs-29m")
        String id,
    @Size(min = 1, max = 4_000_000, message = "has 1 to 4000000 characters") String calibration) {}
