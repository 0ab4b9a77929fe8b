// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.core.ByteSource;
import io.sparkarrays.core.FileByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The bytes of a file that is open only from the first read until {@link #pause}, so that what is
 * known of a file can be kept without keeping it open.
 */
final class PausedBytes implements ByteSource {

  private final Path path;
  private final FileIdentity identity;
  private volatile FileByteSource open;

  /** The bytes of a file, which is opened. */
  PausedBytes(FileIdentity identity) throws IOException {
    this.path = identity.path();
    this.identity = identity;
    this.open = FileByteSource.open(path);
  }

  /** The file as it was when it was first opened. */
  FileIdentity identity() {
    return identity;
  }

  private FileByteSource bytes() throws IOException {
    FileByteSource now = open;
    return now == null ? reopen() : now;
  }

  private synchronized FileByteSource reopen() throws IOException {
    if (open == null) {
      open = FileByteSource.open(path);
    }
    return open;
  }

  /** Closes the file until it is read again; nobody may be reading now. */
  synchronized void pause() throws IOException {
    FileByteSource now = open;
    open = null;
    if (now != null) {
      now.close();
    }
  }

  @Override
  public String name() {
    return path.toString();
  }

  @Override
  public long size() throws IOException {
    return bytes().size();
  }

  @Override
  public void readFully(long position, ByteBuffer destination) throws IOException {
    bytes().readFully(position, destination);
  }

  @Override
  public void close() throws IOException {
    pause();
  }
}
