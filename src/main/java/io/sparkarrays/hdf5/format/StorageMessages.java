// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.format;

import io.sparkarrays.hdf5.filter.FilterSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The smaller messages about a data set's storage: fill value (IV.A.2.e, f), filter pipeline
 * (IV.A.2.l) and external files (IV.A.2.h).
 */
final class StorageMessages {

  private static final int MAX_FILTERS = 32;

  private StorageMessages() {}

  /** The fill value's bytes in the data set's datatype; absent means zeros. */
  static Optional<byte[]> fillValue(ObjectHeader header) throws IOException {
    Optional<Fields> message = header.find(MessageType.FILL);
    if (message.isPresent()) {
      return recentFill(message.get());
    }
    Optional<Fields> old = header.find(MessageType.FILL_OLD);
    return old.isPresent() ? sized(old.get()) : Optional.empty();
  }

  private static Optional<byte[]> recentFill(Fields fields) {
    int version = fields.version(1, 3);
    if (version == 3) {
      return (fields.u8() & 1 << 5) == 0 ? Optional.empty() : sized(fields);
    }
    boolean defined = fields.skip(2).u8() != 0;
    return defined ? sized(fields) : Optional.empty();
  }

  private static Optional<byte[]> sized(Fields fields) {
    long size = fields.u32();
    return size == 0 ? Optional.empty() : Optional.of(fields.bytes(size));
  }

  /** The filters in the order in which a writer applies them. */
  static List<FilterSpec> filters(Fields fields) {
    int version = fields.version(1, 2);
    int count = fields.u8();
    if (count > MAX_FILTERS) {
      throw fields.damaged(count + " filters", "at most " + MAX_FILTERS);
    }
    fields.skip(version == 1 ? 6 : 0);
    List<FilterSpec> filters = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int id = fields.u16();
      int nameLength = version == 1 || id >= 256 ? fields.u16() : 0;
      boolean optional = (fields.u16() & 1) != 0;
      int values = fields.u16();
      String name = fields.text(nameLength);
      if (version == 1) {
        fields.skip(-nameLength & 7);
      }
      int[] clientData = new int[Math.min(values, fields.remaining() / 4 + 1)];
      for (int j = 0; j < values; j++) {
        int value = (int) fields.u32();
        clientData[j] = value;
      }
      if (version == 1 && (values & 1) != 0) {
        fields.skip(4);
      }
      filters.add(new FilterSpec(id, name, optional, clientData));
    }
    return filters;
  }

  /** The segments of external files, in order. */
  static List<ExternalSegment> externalFiles(Fields fields) throws IOException {
    fields.version(1, 1);
    fields.skip(3 + 2);
    int used = fields.u16();
    LocalHeap names = LocalHeap.read(fields.metadata(), fields.offset());
    List<ExternalSegment> segments = new ArrayList<>();
    for (int i = 0; i < used; i++) {
      String name = names.text(fields.length());
      long offset = fields.length();
      long size = fields.length();
      if (offset < 0 || size < ExternalSegment.UNLIMITED) {
        throw fields.damaged("a segment at " + offset, "one below 2^63");
      }
      segments.add(new ExternalSegment(name, offset, size));
    }
    return segments;
  }

  /** The bytes of the fill value, checked; none for zeros, whatever size the datatype claims. */
  static byte[] fillElement(Optional<byte[]> value, Fields at, int size) {
    if (value.isPresent() && value.get().length != size) {
      throw at.damaged(
          "a fill value of " + value.get().length + " bytes", size + " as the datatype has");
    }
    return value.orElse(new byte[0]);
  }
}
