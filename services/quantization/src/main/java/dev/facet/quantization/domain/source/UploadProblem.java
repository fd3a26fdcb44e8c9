package dev.facet.quantization.domain.source;

import dev.facet.kernel.problem.DomainProblem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A step of an upload that cannot be taken. */
public abstract sealed class UploadProblem extends DomainProblem {
  private static final long serialVersionUID = 1L;

  private UploadProblem(
      String slug, int status, String title, String detail, Map<String, Object> where) {
    super(slug, status, title, detail, where);
  }

  private static Map<String, Object> at(String file, String key, Object value) {
    Map<String, Object> where = new LinkedHashMap<>();
    where.put("file", file);
    where.put(key, value);
    return where;
  }

  /** No such upload or file, or it has expired. */
  public static final class NotThere extends UploadProblem {
    private static final long serialVersionUID = 1L;

    public NotThere(String what) {
      super(
          "upload-not-there",
          404,
          "No such upload",
          "%s is not there, or has expired.".formatted(what),
          Map.of("upload", what));
    }
  }

  /** Another version of the protocol. */
  public static final class OtherVersion extends UploadProblem {
    private static final long serialVersionUID = 1L;

    public OtherVersion(String found) {
      super(
          "upload-version",
          412,
          "Protocol version not supported",
          "Tus-Resumable is %s; 1.0.0 is spoken.".formatted(found),
          Map.of("header", "Tus-Resumable"));
    }

    @Override
    public Map<String, String> headers() {
      return Map.of("Tus-Version", "1.0.0");
    }
  }

  /** A header that is missing or not of its form. */
  public static final class BadHeader extends UploadProblem {
    private static final long serialVersionUID = 1L;

    public BadHeader(String header, String rule) {
      super(
          "upload-header",
          400,
          "Malformed header",
          "%s %s.".formatted(header, rule),
          Map.of("header", header));
    }
  }

  /** A body of another type than chunks have. */
  public static final class BadType extends UploadProblem {
    private static final long serialVersionUID = 1L;

    public BadType(String found) {
      super(
          "upload-type",
          415,
          "Unsupported media type",
          "A chunk is application/offset+octet-stream, not %s.".formatted(found),
          Map.of("header", "Content-Type"));
    }
  }

  /** A file that is no part of a checkpoint, or has a name that could lead elsewhere. */
  public static final class BadName extends UploadProblem {
    private static final long serialVersionUID = 1L;

    public BadName(String name) {
      super(
          "upload-file-name",
          400,
          "File not taken",
          "\"%s\" is not taken: names have up to 200 of A-Z, a-z, 0-9, '.', '_' and '-', and end with .json, .safetensors or .gguf."
              .formatted(name.replaceAll("\\p{Cntrl}", "?")),
          Map.of("header", "Upload-Metadata"));
    }
  }

  /** A name that is given already. */
  public static final class FileExists extends UploadProblem {
    private static final long serialVersionUID = 1L;

    public FileExists(String name) {
      super(
          "upload-file-exists",
          409,
          "File exists",
          "%s is in this upload already; delete it first to send another.".formatted(name),
          Map.of("file", name));
    }
  }

  /** A chunk that does not begin where the file ends. */
  public static final class WrongOffset extends UploadProblem {
    private static final long serialVersionUID = 1L;

    public WrongOffset(String name, long offset, long expected) {
      super(
          "upload-offset",
          409,
          "Wrong offset",
          "%s has %d bytes; a chunk from byte %d on does not follow them."
              .formatted(name, expected, offset),
          at(name, "offset", expected));
    }
  }

  /** A file that another request is writing. */
  public static final class InUse extends UploadProblem {
    private static final long serialVersionUID = 1L;

    public InUse(String name) {
      super(
          "upload-locked",
          423,
          "File is being written",
          "Another request is writing %s.".formatted(name),
          Map.of("file", name));
    }
  }

  /** More bytes, or more files, than are taken. */
  public static final class TooLarge extends UploadProblem {
    private static final long serialVersionUID = 1L;

    public TooLarge(String name, String rule, long limit) {
      super(
          "upload-too-large",
          413,
          "Upload too large",
          "%s: %s %d.".formatted(name, rule, limit),
          at(name, "limit", limit));
    }
  }

  /** Bytes that are not what their checksum says. */
  public static final class WrongChecksum extends UploadProblem {
    private static final long serialVersionUID = 1L;

    /** Status 460 is that of the protocol's checksum extension. */
    public WrongChecksum(String name, String algorithm) {
      super(
          "upload-checksum",
          460,
          "Checksum mismatch",
          "What came of %s does not have the %s that was announced; it is discarded."
              .formatted(name, algorithm),
          at(name, "algorithm", algorithm));
    }
  }

  /** An upload that is to be imported before all its files are whole. */
  public static final class Unfinished extends UploadProblem {
    private static final long serialVersionUID = 1L;

    public Unfinished(String upload, List<String> files) {
      super(
          "upload-unfinished",
          409,
          "Upload unfinished",
          "Files of %s are not whole yet: %s.".formatted(upload, String.join(", ", files)),
          Map.of("upload", upload, "files", files));
    }
  }
}
