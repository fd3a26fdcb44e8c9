package dev.facet.quantization.domain.calibration;

import dev.facet.quantization.domain.calibration.FisherMoments.Set;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StreamCorruptedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * Fisher moments as a stream, so that what was seen of a text need not be computed again: a number
 * that names the format, the tokens, the sets, a CRC-32 of all before. Float64 is kept whole, so
 * what is read codes to the same bytes.
 */
final class FisherFormat {
  private static final long MAGIC = 0x4641_4345_5446_0001L;
  private static final int BUFFER = 1 << 16;

  private FisherFormat() {}

  static void write(FisherMoments moments, OutputStream target) throws IOException {
    CheckedOutputStream checked =
        new CheckedOutputStream(new BufferedOutputStream(target, BUFFER), new CRC32());
    DataOutputStream out = new DataOutputStream(checked);
    out.writeLong(MAGIC);
    out.writeLong(moments.tokens());
    out.writeInt(moments.sets().size());
    for (Set set : moments.sets()) {
      set.hessian().write(out);
      out.writeInt(set.shares().size());
      for (Map.Entry<String, double[]> tensor : set.shares().entrySet()) {
        out.writeUTF(tensor.getKey());
        out.writeInt(tensor.getValue().length);
        for (double share : tensor.getValue()) {
          out.writeDouble(share);
        }
      }
    }
    out.writeLong(checked.getChecksum().getValue());
    out.flush();
  }

  /**
   * @throws IOException if the stream breaks off or is not what {@link #write} wrote
   */
  static FisherMoments read(InputStream source) throws IOException {
    CheckedInputStream checked =
        new CheckedInputStream(new BufferedInputStream(source, BUFFER), new CRC32());
    DataInputStream in = new DataInputStream(checked);
    if (in.readLong() != MAGIC) {
      throw new StreamCorruptedException("no calibration of this release");
    }
    long tokens = in.readLong();
    List<Set> sets = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      sets.add(new Set(Hessian.read(in), shares(in)));
    }
    long found = checked.getChecksum().getValue();
    if (in.readLong() != found) {
      throw new StreamCorruptedException("the checksum does not fit the content");
    }
    return new FisherMoments(sets, tokens);
  }

  private static Map<String, double[]> shares(DataInputStream in) throws IOException {
    Map<String, double[]> shares = new LinkedHashMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      String name = in.readUTF();
      double[] rows = new double[in.readInt()];
      for (int row = 0; row < rows.length; row++) {
        rows[row] = in.readDouble();
      }
      shares.put(name, rows);
    }
    return shares;
  }
}
