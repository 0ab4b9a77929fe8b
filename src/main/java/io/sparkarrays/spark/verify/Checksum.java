// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.verify;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.LongConsumer;

/**
 * What reading one copy of a file from its first byte to its last gave.
 *
 * @param sha256 the checksum in lower-case hexadecimal, or null
 * @param fault why there is none, or null
 */
record Checksum(String sha256, String fault) {

  private static final int BUFFER_BYTES = 1 << 20;

  /**
   * Reads a file of this host.
   *
   * @param bytes the size that it had when it was listed; another one is a fault
   * @param read told how many bytes were read
   */
  static Checksum of(Path file, long bytes, LongConsumer read) {
    // Opening a pipe would wait for a writer for ever.
    if (!Files.isRegularFile(file)) {
      return new Checksum(null, "it went away while data was verified");
    }
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BUFFER_BYTES, Math.max(1, bytes)));
    MessageDigest digest = newDigest();
    long total = 0;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      // One that grows for ever is not followed.
      while (total <= bytes && channel.read(buffer.clear()) >= 0) {
        total += buffer.position();
        digest.update(buffer.flip());
      }
    } catch (IOException e) {
      return new Checksum(null, e.toString());
    }
    read.accept(total);
    return total == bytes
        ? new Checksum(HexFormat.of().formatHex(digest.digest()), null)
        : new Checksum(null, "its size changed while data was verified");
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
