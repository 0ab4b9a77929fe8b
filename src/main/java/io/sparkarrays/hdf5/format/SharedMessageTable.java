// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.format;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Messages that objects share: by a committed object's header, or by the file's table of shared
 * object header messages (IV.A.2.p, III.I; H5Oshared.c, H5SM.c).
 */
final class SharedMessageTable {

  private static final int HEAP_ID = 8;

  /** A heap of messages whose types are in the mask. */
  private record Index(int types, long heap) {}

  private final List<Index> indexes;

  private SharedMessageTable(List<Index> indexes) {
    this.indexes = indexes;
  }

  /** Reads the table that a message of the superblock extension points to. */
  static SharedMessageTable read(Fields message) throws IOException {
    message.version(0, 0);
    long address = message.offset();
    int count = message.u8();
    Metadata metadata = message.metadata();
    int entry = 14 + 2 * metadata.offsetSize();
    Fields table =
        metadata
            .read(address, 4 + (long) count * entry + 4, "shared message table")
            .signature("SMTB");
    List<Index> indexes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      table.version(0, 0);
      table.skip(1);
      int types = table.u16();
      table.skip(4 + 2 + 2 + 2);
      table.offset();
      indexes.add(new Index(types, table.offset()));
    }
    table.checksum();
    return new SharedMessageTable(indexes);
  }

  /** The message's fields behind the stub that stands in its place. */
  static Fields resolve(Fields stub, int type) throws IOException {
    Metadata metadata = stub.metadata();
    int version = stub.version(1, 3);
    int kind = stub.u8();
    if (version == 1) {
      stub.skip(6 + metadata.lengthSize());
    }
    if (version == 3 && kind == 1) {
      return inHeap(stub, type);
    }
    long at = stub.offset();
    ObjectHeader header = ObjectHeader.read(metadata, at);
    for (ObjectHeader.Message message : header.all(type)) {
      if ((message.flags() & 1 << 1) == 0) {
        return message.fields().again();
      }
    }
    throw stub.damaged("an object without message " + type, "the shared message");
  }

  /** The message in the heap of the index that holds its type. */
  static Fields inHeap(Fields id, int type) throws IOException {
    Metadata metadata = id.metadata();
    SharedMessageTable table =
        metadata
            .sharedMessages()
            .orElseThrow(() -> id.damaged("a shared message", "none without a table of them"));
    for (Index index : table.indexes) {
      if ((index.types() >> type & 1) != 0) {
        return FractalHeap.read(metadata, index.heap()).get(id.part(HEAP_ID, "heap id"));
      }
    }
    throw id.damaged("a shared message of type " + type, "a type of the table");
  }
}
