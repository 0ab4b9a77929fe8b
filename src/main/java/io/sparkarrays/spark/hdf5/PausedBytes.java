// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.core.ByteSource;
import io.sparkarrays.spark.hadoop.HadoopPaths;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The bytes of a file that is open only from the first read until {@link #pause}, so that what is
 * known of a file can be kept without keeping it open.
 */
final class PausedBytes implements ByteSource {

  private final FileIdentity identity;
  private final FileAccess access;
  private volatile ByteSource open;

  /** The bytes of a file, which is opened. */
  PausedBytes(FileIdentity identity, FileAccess access) throws IOException {
    this.identity = identity;
    this.access = access;
    this.open = access.open(identity.path());
  }

  /** The file as it was when it was first opened. */
  FileIdentity identity() {
    return identity;
  }

  private ByteSource bytes() throws IOException {
    ByteSource now = open;
    return now == null ? reopen() : now;
  }

  private synchronized ByteSource reopen() throws IOException {
    if (open == null) {
      open = access.open(identity.path());
    }
    return open;
  }

  /** Closes the file until it is read again; nobody may be reading now. */
  synchronized void pause() throws IOException {
    ByteSource now = open;
    open = null;
    if (now != null) {
      now.close();
    }
  }

  @Override
  public String name() {
    return identity.path();
  }

  @Override
  public Optional<Path> localPath() {
    String path = identity.path();
    return HadoopPaths.isUri(path) ? Optional.empty() : Optional.of(Path.of(path));
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
