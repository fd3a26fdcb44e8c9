package dev.facet.quantization.domain.checkpoint;

import java.util.Map;

/** Reads JSON text to plain Java values and writes it from them. */
public interface JsonSource {
  /**
   * @param utf8 one JSON object, nothing after it
   * @return maps in the order of the text, lists, strings, booleans, nulls, {@code Long} (or {@code
   *     BigInteger}) for integers and {@code Double} for other numbers
   * @throws MalformedJsonException for any other text, and for a key given twice in one object
   */
  Map<String, Object> object(byte[] utf8) throws MalformedJsonException;

  /** The text of values as {@link #object} gives them. */
  byte[] text(Map<String, Object> object);

  /** Text that is not one well-formed JSON object with distinct keys. */
  final class MalformedJsonException extends Exception {
    private static final long serialVersionUID = 1L;

    public MalformedJsonException(String message) {
      super(message);
    }
  }
}
