// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Bytes that can be read at any position. Reads do not move a shared cursor, so one source serves
 * several threads.
 */
public interface ByteSource extends Closeable {

  /** What the bytes are called in messages: a path or URI. */
  String name();

  /** Where the bytes are, if they are those of a local file. */
  default Optional<Path> localPath() {
    return Optional.empty();
  }

  /** Number of bytes at the moment of the call. */
  long size() throws IOException;

  /**
   * Fills all that remains of a buffer with the bytes at a position.
   *
   * @throws ArrayException {@code FILE_TRUNCATED} if the source ends before
   */
  void readFully(long position, ByteBuffer destination) throws IOException;
}
