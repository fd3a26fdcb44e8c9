package dev.facet.local.mesh;

/** A reason why the mesh cannot do what was asked, in words for the person who asked. */
public final class MeshException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Takes what is wrong and, on further lines, what to do about it. */
  public MeshException(String message) {
    super(message);
  }

  /** As above, with the failure that lies under it. */
  public MeshException(String message, Throwable cause) {
    super(message, cause);
  }
}
