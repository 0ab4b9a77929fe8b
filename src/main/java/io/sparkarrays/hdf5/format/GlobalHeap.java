// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.format;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The objects that data points to: text and sequences of variable length, region references,
 * mappings of virtual data sets (III.E). Keeps the last used collections; shared by threads.
 */
public final class GlobalHeap {

  private static final long KEEP_BYTES = 1 << 22;

  private final Metadata metadata;
  private final Map<Long, Map<Integer, Fields>> collections = new LinkedHashMap<>();
  private long kept;

  /** The heap of a file, read for one object. */
  public GlobalHeap(Metadata metadata) {
    this.metadata = metadata;
  }

  /** The address space that the heap is in. */
  public Metadata metadata() {
    return metadata;
  }

  /** Bytes of an element that points to the heap, as fields. */
  public Fields fields(byte[] element) {
    return new Fields(metadata, element, 0, "reference to the global heap");
  }

  /** The object of a collection's address and an index in it. */
  public Fields get(long address, long index) throws IOException {
    Map<Integer, Fields> objects;
    synchronized (this) {
      objects = collections.get(address);
    }
    if (objects == null) {
      objects = collection(address);
    }
    Fields object = index > 0xffff ? null : objects.get((int) index);
    if (object == null) {
      throw metadata.damaged(
          address, "global heap collection", "no object " + index, "one of " + objects.size());
    }
    return object.again();
  }

  private Map<Integer, Fields> collection(long address) throws IOException {
    // Of the collection and of each object; padded to a multiple of eight bytes.
    int head = (8 + metadata.lengthSize() + 7) / 8 * 8;
    Fields prefix = metadata.read(address, head, "global heap collection").signature("GCOL");
    prefix.version(1, 1);
    long size = prefix.skip(3).length();
    if (size < head) {
      throw prefix.damaged("a collection of " + size + " bytes", "at least " + head);
    }
    Fields fields = metadata.read(address, size, "global heap collection").skip(head);
    Map<Integer, Fields> objects = new HashMap<>();
    while (fields.remaining() >= head) {
      int index = fields.u16();
      fields.skip(6);
      long bytes = fields.length();
      fields.skip(head - 8 - metadata.lengthSize());
      if (index == 0) {
        break;
      }
      objects.put(index, fields.part(bytes, "global heap object"));
      fields.skip(Math.min(fields.remaining(), -bytes & 7));
    }
    keep(address, objects, size + head);
    return objects;
  }

  private synchronized void keep(long address, Map<Integer, Fields> objects, long bytes) {
    kept += bytes;
    if (kept > KEEP_BYTES) {
      collections.clear();
      kept = bytes;
    }
    collections.put(address, objects);
  }
}
