package dev.facet.quantization.adapter.upload;

import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * An upload as shown.
 *
 * @param source what {@code POST /v1/models} takes to import it
 * @param expiresAt when it goes if nothing more comes
 */
@Schema(name = "Upload")
public record UploadView(String id, String source, List<UploadedFile> files, Instant expiresAt) {}
