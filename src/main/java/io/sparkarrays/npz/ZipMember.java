// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.npz;

/**
 * A file in a zip archive, as the archive's directory describes it.
 *
 * @param name its name
 * @param flags bit 0: it is encrypted
 * @param method how it is compressed: 0 not at all, 8 by deflate
 * @param crc the CRC-32 of its content
 * @param stored bytes that it takes in the archive
 * @param size bytes of its content
 * @param header where its local header is
 */
record ZipMember(
    String name, int flags, int method, long crc, long stored, long size, long header) {

  static final int STORED = 0;
  static final int DEFLATED = 8;

  boolean encrypted() {
    return (flags & 1) != 0;
  }
}
