// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.format;

import java.io.IOException;

/** Visits the leaves of a version 1 B-tree (III.A.1): groups' symbol nodes, or chunks. */
final class BTreeV1 {

  static final int GROUP = 0;
  static final int CHUNK = 1;
  private static final int MAX_ENTRIES = 1 << 16;

  /** Takes a leaf's entry: its key's fields, and the child's address. */
  interface Leaf {
    void accept(Fields key, long child) throws IOException;
  }

  private final Metadata metadata;
  private final int kind;
  private final int keySize;
  private final Leaf leaf;
  private final Visited visited;

  private BTreeV1(Metadata metadata, int kind, int keySize, Leaf leaf) {
    this.metadata = metadata;
    this.kind = kind;
    this.keySize = keySize;
    this.leaf = leaf;
    this.visited = new Visited(metadata, "B-tree node");
  }

  /**
   * Visits all entries in key order.
   *
   * @param address the root's, or undefined for an empty tree
   * @param keySize bytes of a key
   */
  static void forEach(Metadata metadata, long address, int kind, int keySize, Leaf leaf)
      throws IOException {
    if (address != Metadata.UNDEFINED) {
      new BTreeV1(metadata, kind, keySize, leaf).node(address, -1);
    }
  }

  private void node(long address, int expectedLevel) throws IOException {
    visited.add(address);
    int head = 8 + 2 * metadata.offsetSize();
    Fields prefix = metadata.read(address, head, "B-tree node").signature("TREE");
    int found = prefix.u8();
    int level = prefix.u8();
    int entries = prefix.u16();
    if (found != kind || (expectedLevel >= 0 && level != expectedLevel)) {
      throw prefix.damaged(
          "a node of kind " + found + ", level " + level,
          "kind " + kind + (expectedLevel < 0 ? "" : ", level " + expectedLevel));
    }
    if (entries > MAX_ENTRIES) {
      throw prefix.damaged(entries + " entries", "fewer");
    }
    long body = (long) entries * (keySize + metadata.offsetSize()) + keySize;
    Fields fields = metadata.read(address + head, body, "B-tree node");
    for (int i = 0; i < entries; i++) {
      Fields key = fields.part(keySize, "B-tree key");
      long child = fields.offset();
      if (level == 0) {
        leaf.accept(key, child);
      } else {
        node(child, level - 1);
      }
    }
  }
}
