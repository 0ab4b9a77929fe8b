// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ByteSource;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.hdf5.format.ExternalSegment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Elements in other files, segment after segment. As HDF5 has it, what a file lacks at its end is
 * zero. A file is open only while it is read.
 */
final class ExternalBytes implements PlainBytes {

  private static final byte[] ZEROS = new byte[4096];

  private final Dataset dataset;
  private final List<ExternalSegment> segments;

  ExternalBytes(Dataset dataset, List<ExternalSegment> segments) {
    this.dataset = dataset;
    this.segments = segments;
  }

  @Override
  public void read(long position, ByteBuffer destination) throws IOException {
    int limit = destination.limit();
    long from = position;
    long start = 0;
    for (ExternalSegment segment : segments) {
      boolean endless = segment.size() == ExternalSegment.UNLIMITED;
      long size = endless ? Long.MAX_VALUE - start : segment.size();
      long left = size - (from - start);
      if (left > 0) {
        int count = (int) Math.min(limit - destination.position(), left);
        destination.limit(destination.position() + count);
        piece(segment, from - start, destination);
        destination.limit(limit);
        from += count;
        if (!destination.hasRemaining()) {
          return;
        }
      }
      start += size;
    }
    throw new ArrayException(
        ErrorCode.HDF5_DAMAGED,
        dataset,
        "its external files have room for " + start + " bytes, fewer than its shape needs",
        "Restore the file from a copy");
  }

  private void piece(ExternalSegment segment, long offset, ByteBuffer destination)
      throws IOException {
    int end = destination.limit();
    try (ByteSource source = open(segment)) {
      long at = segment.offset() + offset;
      long there = Math.max(0, source.size() - at);
      destination.limit(destination.position() + (int) Math.min(destination.remaining(), there));
      source.readFully(at, destination);
    }
    destination.limit(end);
    while (destination.hasRemaining()) {
      destination.put(ZEROS, 0, Math.min(ZEROS.length, destination.remaining()));
    }
  }

  private ByteSource open(ExternalSegment segment) throws IOException {
    return dataset
        .file()
        .openBeside(segment.name())
        .orElseThrow(
            () ->
                new ArrayException(
                    ErrorCode.PATH_NOT_FOUND,
                    dataset,
                    "its data is in '" + segment.name() + "', which is not there",
                    "Put that file beside the HDF5 file"));
  }
}
