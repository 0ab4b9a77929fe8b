// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.format;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The links of a group: in a symbol table (III.B, III.C), in the group's header, or in a fractal
 * heap (IV.A.2.c, g). In the order of creation if the group tracks it, else of names.
 */
public final class Links {

  private static final int NAME_INDEX = 5;
  private static final int LINK_ID = 7;
  private static final int SOFT_LINK = 2;
  private static final int SCRATCH = 16;

  /** A link and its place in the order of creation. */
  private record Placed(Link link, long order) {}

  private final Metadata metadata;
  private final List<Placed> links = new ArrayList<>();
  private boolean tracked;

  private Links(Metadata metadata) {
    this.metadata = metadata;
  }

  /** Reads all links of a group. */
  public static Map<String, Link> read(ObjectHeader header) throws IOException {
    Links links = new Links(header.metadata());
    if (header.has(MessageType.SYMBOL_TABLE)) {
      links.symbolTable(header.require(MessageType.SYMBOL_TABLE, "symbol table"));
    } else {
      links.messages(header);
    }
    return links.inOrder();
  }

  private Map<String, Link> inOrder() {
    links.sort(
        tracked
            ? Comparator.comparingLong(Placed::order)
            : Comparator.comparing(placed -> placed.link().name(), Links::compareUtf8));
    Map<String, Link> map = new LinkedHashMap<>();
    links.forEach(placed -> map.put(placed.link().name(), placed.link()));
    return map;
  }

  /** By code points, which is how UTF-8's bytes compare. */
  private static int compareUtf8(String a, String b) {
    return java.util.Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());
  }

  private void symbolTable(Fields message) throws IOException {
    long tree = message.offset();
    LocalHeap names = LocalHeap.read(metadata, message.offset());
    Visited visited = new Visited(metadata, "symbol node");
    BTreeV1.forEach(
        metadata,
        tree,
        BTreeV1.GROUP,
        metadata.lengthSize(),
        (key, child) -> {
          visited.add(child);
          symbolNode(child, names);
        });
  }

  private void symbolNode(long address, LocalHeap names) throws IOException {
    Fields prefix = metadata.read(address, 8, "symbol node").signature("SNOD");
    prefix.version(1, 1);
    int count = prefix.skip(1).u16();
    int entry = metadata.lengthSize() + metadata.offsetSize() + 8 + SCRATCH;
    Fields entries = metadata.read(address + 8, (long) count * entry, "symbol node");
    for (int i = 0; i < count; i++) {
      String name = names.text(entries.length());
      long object = entries.offset();
      long kind = entries.u32();
      entries.skip(4);
      Fields scratch = entries.part(SCRATCH, "symbol");
      add(
          kind == SOFT_LINK
              ? new Link.Soft(name, names.text(scratch.u32()))
              : new Link.Hard(name, object),
          0);
    }
  }

  private void messages(ObjectHeader header) throws IOException {
    var info = header.find(MessageType.LINK_INFO);
    for (ObjectHeader.Message message : header.all(MessageType.LINK)) {
      link(ObjectHeader.resolve(message));
    }
    if (info.isEmpty()) {
      return;
    }
    Fields fields = info.get();
    fields.version(0, 0);
    tracked = (fields.u8() & 1) != 0;
    fields.skip(tracked ? 8 : 0);
    long heapAddress = fields.offset();
    long nameIndex = fields.offset();
    if (heapAddress != Metadata.UNDEFINED) {
      FractalHeap heap = FractalHeap.read(metadata, heapAddress);
      BTreeV2.read(metadata, nameIndex, NAME_INDEX)
          .forEach(record -> link(heap.get(record.skip(4).part(LINK_ID, "link id"))));
    }
  }

  private void link(Fields fields) {
    fields.version(1, 1);
    int flags = fields.u8();
    int type = (flags & 1 << 3) != 0 ? fields.u8() : 0;
    long order = (flags & 1 << 2) != 0 ? fields.s64() : 0;
    fields.skip((flags & 1 << 4) != 0 ? 1 : 0);
    String name = fields.text(fields.count(1 << (flags & 3), "a name's length"));
    add(
        switch (type) {
          case 0 -> new Link.Hard(name, fields.offset());
          case 1 -> new Link.Soft(name, fields.text(fields.u16()));
          case 64 -> external(name, fields.part(fields.u16(), "external link"));
          default -> new Link.UserDefined(name, type);
        },
        order);
  }

  private static Link external(String name, Fields value) {
    value.version(0, 0);
    String file = value.text();
    return new Link.External(name, file, value.text());
  }

  private void add(Link link, long order) {
    links.add(new Placed(link, order));
  }
}
