// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.virtual;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Shape;
import io.sparkarrays.hdf5.format.Datatype;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads steps into a request's memory: straight, where they lie in one piece there and need no
 * conversion, else by way of scratch. One thread uses it at a time.
 */
final class PartReader {

  /** Bytes that are read into scratch at once: little enough to stay in a cache. */
  private static final int PIECE = 1 << 20;

  /** Bytes in one piece that are read straight, one piece after another. */
  private static final int LONG_RUN = 1 << 14;

  private static final int PATTERN = 8192;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final Datatype type;
  private final int size;
  private final byte[] pattern;
  private final Map<Datatype, ElementConversion> conversions = new HashMap<>();
  private ByteBuffer scratch = NOTHING;
  private ByteBuffer out;
  private int base;
  private SourceArray source;
  private ElementConversion conversion;
  private int sourceSize;

  PartReader(Datatype type, byte[] fill) {
    this.type = type;
    this.size = type.size();
    this.pattern = new byte[Math.max(1, PATTERN / size) * size];
    for (int at = 0; at < pattern.length && fill.length > 0; at += size) {
      System.arraycopy(fill, 0, pattern, at, size);
    }
  }

  /** Takes the memory of a request, whose first element is at an index. */
  void begin(ByteBuffer destination, int first) {
    out = destination.duplicate().clear();
    base = first;
  }

  void end() {
    out = null;
    source = null;
    conversion = null;
  }

  /** Fills the first elements of the request. */
  void fill(long elements) {
    fill(base, elements * size);
  }

  /** Fills what a step would read. */
  void fill(CopyStep step) {
    step.forEachRun((from, to, length) -> fill(base + (int) (to * size), length * size));
  }

  private void fill(int at, long bytes) {
    int to = at;
    for (long left = bytes; left > 0; ) {
      int now = (int) Math.min(left, pattern.length);
      out.put(to, pattern, 0, now);
      to += now;
      left -= now;
    }
  }

  /** Takes the source that the next steps read. */
  void source(SourcePart part, SourceArray array) {
    source = array;
    Datatype from = array.datatype();
    sourceSize = from.size();
    conversion = null;
    if (!from.equals(type)) {
      conversion = conversions.get(from);
      if (conversion == null) {
        Optional<ElementConversion> found = ElementConversion.of(from, type);
        conversion = found.orElseThrow(() -> noConversion(part, from, type));
        conversions.put(from, conversion);
      }
    }
  }

  static ArrayException noConversion(SourcePart part, Datatype from, Datatype to) {
    return part.unusable("its elements are " + from + ", which don't become " + to, null);
  }

  void read(CopyStep step) throws IOException {
    Optional<Shape> chunk = source.chunk();
    if (conversion == null && step.isContiguous()) {
      readRun(step);
    } else if (conversion != null
        || !step.splitIntoRuns(LONG_RUN / sourceSize, chunk, this::readRun)) {
      step.split(Math.max(1, PIECE / sourceSize), chunk, this::readPiece);
    }
  }

  private void readRun(CopyStep step) throws IOException {
    int at = base + (int) (step.offset() * size);
    int end = at + (int) (step.size() * size);
    out.limit(end).position(at);
    source.read(step.source(), out);
    out.limit(out.capacity());
  }

  private void readPiece(CopyStep step) throws IOException {
    int bytes = Math.toIntExact(step.size() * sourceSize);
    if (scratch.capacity() < bytes) {
      scratch = ByteBuffer.allocateDirect(bytes);
    }
    source.read(step.source(), scratch.clear().limit(bytes));
    scratch.clear();
    step.forEachRun(
        (from, to, length) -> {
          int first = (int) (from * sourceSize);
          int at = base + (int) (to * size);
          if (conversion == null) {
            out.put(at, scratch, first, (int) (length * size));
          } else {
            conversion.convert(scratch, first, out, at, (int) length);
          }
        });
  }
}
