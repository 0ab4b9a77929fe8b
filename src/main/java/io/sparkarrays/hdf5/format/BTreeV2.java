// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.format;

import java.io.IOException;

/** Visits the records of a version 2 B-tree (III.A.2, H5B2cache.c), those of inner nodes too. */
final class BTreeV2 {

  private static final int PREFIX = 6;
  private static final int OVERHEAD = PREFIX + 4;
  private static final int MAX_DEPTH = 32;

  /** Takes a record. */
  interface RecordConsumer {
    void accept(Fields fields) throws IOException;
  }

  /** Says of a record whether it comes before the wanted ones (-1), is one (0) or comes after. */
  interface Range {
    int side(Fields fields);
  }

  private final Metadata metadata;
  private final Visited visited;
  private final int type;
  private final int recordSize;
  private final int depth;
  private final long root;
  private final int rootRecords;
  private final long total;

  /** Bytes of the number of records in a child. */
  private final int countWidth;

  /** Bytes of the number of all records below a child, by the child's depth. */
  private final int[] totalWidth;

  private long seen;

  private BTreeV2(Metadata metadata, Fields header, int expectedType) {
    this.metadata = metadata;
    this.visited = new Visited(metadata, "B-tree node");
    header.signature("BTHD").version(0, 0);
    this.type = header.u8();
    if (type != expectedType && expectedType >= 0) {
      throw header.damaged("records of type " + type, "type " + expectedType);
    }
    long nodeSize = header.u32();
    this.recordSize = header.u16();
    this.depth = header.u16();
    header.skip(2);
    this.root = header.offset();
    this.rootRecords = header.u16();
    this.total = header.length();
    header.checksum();
    if (recordSize == 0 || nodeSize < OVERHEAD + recordSize || depth > MAX_DEPTH) {
      throw header.damaged(
          "nodes of " + nodeSize + " bytes, records of " + recordSize + ", depth " + depth,
          "room for a record, depth at most " + MAX_DEPTH);
    }
    long most = (nodeSize - OVERHEAD) / recordSize;
    this.countWidth = Widths.bytesFor(most);
    this.totalWidth = new int[depth + 1];
    long cumulated = most;
    for (int level = 1; level <= depth; level++) {
      int pointer = metadata.offsetSize() + countWidth + totalWidth[level - 1];
      long records = (nodeSize - OVERHEAD - pointer) / (recordSize + pointer);
      // Saturates: no file holds as many.
      cumulated = Math.min(Long.MAX_VALUE >> 20, (records + 1) * cumulated + records);
      totalWidth[level] = Widths.bytesFor(cumulated);
    }
  }

  /**
   * Opens the tree at an address.
   *
   * @param type of the records, or -1 for any
   */
  static BTreeV2 read(Metadata metadata, long address, int type) throws IOException {
    int length = 22 + metadata.offsetSize() + metadata.lengthSize();
    return new BTreeV2(metadata, metadata.read(address, length, "B-tree header"), type);
  }

  /** The type of the records. */
  int type() {
    return type;
  }

  /** Bytes of a record. */
  int recordSize() {
    return recordSize;
  }

  /** Visits all records in order. */
  void forEach(RecordConsumer consumer) throws IOException {
    seen = 0;
    if (root != Metadata.UNDEFINED) {
      node(root, rootRecords, depth, null, consumer);
    }
    if (seen != total) {
      throw metadata.damaged(root, "B-tree", seen + " records", total + " as its header says");
    }
  }

  /** Visits the records of a range in order; nodes without any are not read. */
  void forEach(Range range, RecordConsumer consumer) throws IOException {
    if (root != Metadata.UNDEFINED) {
      node(root, rootRecords, depth, range, consumer);
    }
  }

  private void node(long address, int records, int level, Range range, RecordConsumer consumer)
      throws IOException {
    visited.add(address);
    boolean inner = level > 0;
    int pointer =
        inner ? metadata.offsetSize() + countWidth + (level > 1 ? totalWidth[level - 1] : 0) : 0;
    long body = (long) records * recordSize + (inner ? (records + 1L) * pointer : 0);
    Fields node =
        metadata.read(address, PREFIX + body + 4, "B-tree node").signature(inner ? "BTIN" : "BTLF");
    node.version(0, 0);
    int found = node.u8();
    if (found != type) {
      throw node.damaged("a node of type " + found, "type " + type);
    }
    Fields inOrder = node.part((long) records * recordSize, "B-tree records");
    Fields children = node.part(body - (long) records * recordSize, "B-tree children");
    node.checksum();
    seen += records;
    int side = 0;
    // A child's records lie between those beside it: there is none to visit after one that is past.
    for (int i = 0; i <= records && side <= 0; i++) {
      Fields record = i < records ? inOrder.part(recordSize, "B-tree record") : null;
      side = record == null || range == null ? 0 : range.side(record.again());
      if (inner) {
        long child = children.offset();
        int count = (int) children.unsigned(countWidth);
        children.skip(level > 1 ? totalWidth[level - 1] : 0);
        if (side >= 0) {
          node(child, count, level - 1, range, consumer);
        }
      }
      if (record != null && side == 0) {
        consumer.accept(record);
      }
    }
  }
}
