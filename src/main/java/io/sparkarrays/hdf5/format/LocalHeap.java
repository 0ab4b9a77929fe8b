// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.format;

import java.io.IOException;

/** The names of an old style group, or of external files (III.D). */
final class LocalHeap {

  private final Metadata metadata;
  private final long data;
  private final Fields segment;

  private LocalHeap(Metadata metadata, long data, Fields segment) {
    this.metadata = metadata;
    this.data = data;
    this.segment = segment;
  }

  static LocalHeap read(Metadata metadata, long address) throws IOException {
    Fields fields = metadata.readUpTo(address, 128, "local heap").signature("HEAP");
    fields.version(0, 0);
    long size = fields.skip(3).length();
    fields.length();
    long data = fields.offset();
    return new LocalHeap(metadata, data, metadata.read(data, size, "local heap data"));
  }

  /** The text that begins at an offset. */
  String text(long offset) {
    Fields fields = segment.again();
    if (offset < 0 || offset >= fields.remaining()) {
      throw metadata.damaged(
          data, "local heap", "a name at byte " + offset, "less than " + fields.remaining());
    }
    return fields.skip(offset).text();
  }
}
