package dev.facet.local.mesh;

/** Told what happens while a mesh starts, runs and ends. */
public interface Progress {

  /** Tells nobody. */
  Progress SILENT =
      new Progress() {
        @Override
        public Step begin(String what) {
          return new Step() {
            @Override
            public void done(String detail) {}

            @Override
            public void failed() {}
          };
        }

        @Override
        public void say(String line) {}
      };

  /** Something that takes a while has begun. */
  Step begin(String what);

  /** Something worth a line. */
  void say(String line);

  /** Something that takes a while. */
  interface Step {

    /** It is finished; the detail may be empty. */
    void done(String detail);

    /** It has failed; the reason is told elsewhere. */
    void failed();
  }
}
