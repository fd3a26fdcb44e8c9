package dev.facet.capability.domain.report;

/**
 * The browser's engine.
 *
 * @param mobile whether it runs on a phone or tablet
 */
public record Engine(Family family, boolean mobile) {
  /** Engines that behave alike. */
  public enum Family {
    CHROMIUM("chromium", "Chromium"),
    FIREFOX("firefox", "Firefox"),
    WEBKIT("webkit", "WebKit"),
    OTHER("other", "Another engine");

    private final String id;
    private final String title;

    Family(String id, String title) {
      this.id = id;
      this.title = title;
    }

    /** As reports write it. */
    public String id() {
      return id;
    }

    /** As people write it. */
    public String title() {
      return title;
    }
  }
}
