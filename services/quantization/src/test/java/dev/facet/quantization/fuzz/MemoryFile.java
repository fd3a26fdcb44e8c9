package dev.facet.quantization.fuzz;

import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** Bytes as a file that can be read by position. */
public final class MemoryFile extends FileChannel {
  private final byte[] bytes;

  public MemoryFile(byte[] bytes) {
    this.bytes = bytes;
  }

  @Override
  public int read(ByteBuffer target, long position) {
    if (position >= bytes.length) {
      return -1;
    }
    int count = Math.min(target.remaining(), bytes.length - (int) position);
    target.put(bytes, (int) position, count);
    return count;
  }

  @Override
  public long size() {
    return bytes.length;
  }

  @Override
  protected void implCloseChannel() {}

  private static UnsupportedOperationException only() {
    return new UnsupportedOperationException("read by position only");
  }

  @Override
  public int read(ByteBuffer target) {
    throw only();
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) {
    throw only();
  }

  @Override
  public int write(ByteBuffer source) {
    throw only();
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) {
    throw only();
  }

  @Override
  public int write(ByteBuffer source, long position) {
    throw only();
  }

  @Override
  public long position() {
    throw only();
  }

  @Override
  public FileChannel position(long position) {
    throw only();
  }

  @Override
  public FileChannel truncate(long size) {
    throw only();
  }

  @Override
  public void force(boolean metadata) {}

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) {
    throw only();
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count) {
    throw only();
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) {
    throw only();
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) {
    throw only();
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) {
    throw only();
  }
}
