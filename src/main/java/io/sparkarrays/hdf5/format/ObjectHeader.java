// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.format;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The messages of an object, versions 1 and 2 with all continuation blocks (IV.A.1); shared
 * messages stand as what they refer to.
 */
public final class ObjectHeader {

  private static final int PREFIX = 64;
  private static final int SHARED = 1 << 1;
  private static final int FAIL_IF_UNKNOWN = 1 << 7;
  private static final int MAX_KNOWN = 0x18;

  /** Creation order of messages whose header tracks none. */
  static final int NO_ORDER = -1;

  /** One message: its type, creation order if tracked, and fields. */
  record Message(int type, int flags, int order, Fields fields) {}

  /** Bytes that hold messages. */
  private record Block(Fields messages) {}

  private final Metadata metadata;
  private final long address;
  private final List<Message> messages = new ArrayList<>();

  private ObjectHeader(Metadata metadata, long address) {
    this.metadata = metadata;
    this.address = address;
  }

  /** Reads the object header at an address. */
  public static ObjectHeader read(Metadata metadata, long address) throws IOException {
    ObjectHeader header = new ObjectHeader(metadata, address);
    if (metadata.readUpTo(address, 1, "object header").u8() == 'O') {
      header.version2();
    } else {
      header.version1();
    }
    return header;
  }

  public long address() {
    return address;
  }

  Metadata metadata() {
    return metadata;
  }

  private void version1() throws IOException {
    Fields prefix = metadata.readUpTo(address, 16, "object header");
    prefix.version(1, 1);
    prefix.skip(1);
    int count = prefix.u16();
    prefix.skip(4);
    long size = prefix.u32();
    Set<Long> seen = new HashSet<>();
    Deque<Block> blocks = new ArrayDeque<>();
    blocks.add(new Block(metadata.read(address + 16, size, "object header")));
    int read = 0;
    while (!blocks.isEmpty()) {
      Fields in = blocks.remove().messages();
      // The count may be too small in old files, and the bytes end with less than a message.
      while (read < count && in.remaining() >= 8) {
        read++;
        int type = in.u16();
        int length = in.u16();
        int flags = in.u8();
        in.skip(3);
        Fields body = in.part(length, "message " + type);
        if (type == MessageType.CONTINUATION) {
          long at = body.offset();
          blocks.add(new Block(continuation(seen, at, body.length())));
        } else {
          add(type, flags, NO_ORDER, body);
        }
      }
    }
  }

  private void version2() throws IOException {
    Fields prefix = metadata.readUpTo(address, PREFIX, "object header").signature("OHDR");
    prefix.version(2, 2);
    int flags = prefix.u8();
    prefix.skip((flags & 1 << 5) != 0 ? 16 : 0);
    prefix.skip((flags & 1 << 4) != 0 ? 4 : 0);
    long size = prefix.count(1 << (flags & 3), "the size of block 0");
    int head = prefix.position();
    metadata.require(address, size, "object header");
    boolean ordered = (flags & 1 << 2) != 0;
    Set<Long> seen = new HashSet<>();
    Deque<Block> blocks = new ArrayDeque<>();
    blocks.add(new Block(checked(address, head, head + size + 4)));
    while (!blocks.isEmpty()) {
      Fields in = blocks.remove().messages();
      int least = ordered ? 6 : 4;
      while (in.remaining() >= least) {
        int type = in.u8();
        int length = in.u16();
        int messageFlags = in.u8();
        int order = ordered ? in.u16() : NO_ORDER;
        Fields body = in.part(length, "message " + type);
        if (type == MessageType.CONTINUATION) {
          long at = body.offset();
          long bytes = body.length();
          continuation(seen, at, bytes).signature("OCHK");
          blocks.add(new Block(checked(at, 4, bytes)));
        } else {
          add(type, messageFlags, order, body);
        }
      }
    }
  }

  /** A block whose checksum is right: what is between its head and the checksum. */
  private Fields checked(long at, int head, long length) throws IOException {
    Fields block = metadata.read(at, length, "object header");
    block.skip(length - 4).checksum();
    return block.again().skip(head).part(length - 4 - head, "object header");
  }

  private Fields continuation(Set<Long> seen, long at, long length) throws IOException {
    if (!seen.add(at)) {
      throw metadata.damaged(at, "object header", "a continuation that was there", "a new one");
    }
    return metadata.read(at, length, "object header continuation");
  }

  private void add(int type, int flags, int order, Fields body) {
    if (type > MAX_KNOWN && (flags & FAIL_IF_UNKNOWN) != 0) {
      throw metadata.unsupported(
          "header message " + type + ", which readers must know,",
          "Ask for the version of HDF5 that wrote the file");
    }
    if (type != MessageType.NIL) {
      messages.add(new Message(type, flags, order, body));
    }
  }

  /** The heap that elements of the object's datatype may point to. */
  public GlobalHeap globalHeap() {
    return new GlobalHeap(metadata);
  }

  boolean has(int type) {
    return messages.stream().anyMatch(message -> message.type() == type);
  }

  /** The first message of a type, resolved if it is shared. */
  Optional<Fields> find(int type) throws IOException {
    for (Message message : messages) {
      if (message.type() == type) {
        return Optional.of(resolve(message));
      }
    }
    return Optional.empty();
  }

  /** As {@link #find}, for a message that the object can't be without. */
  Fields require(int type, String name) throws IOException {
    return find(type)
        .orElseThrow(
            () -> metadata.damaged(address, "object header", "no " + name + " message", "one"));
  }

  /** All messages of a type as they stand. */
  List<Message> all(int type) {
    return messages.stream().filter(message -> message.type() == type).toList();
  }

  /** The fields that a message has or refers to. */
  static Fields resolve(Message message) throws IOException {
    Fields fields = message.fields().again();
    return (message.flags() & SHARED) != 0
        ? SharedMessageTable.resolve(fields, message.type())
        : fields;
  }

  /** What an object can be. */
  public enum Kind {
    GROUP,
    DATASET,
    COMMITTED_DATATYPE
  }

  /** Group, data set or committed datatype, as the messages tell. */
  public Kind kind() {
    if (has(MessageType.SYMBOL_TABLE) || has(MessageType.LINK_INFO) || has(MessageType.LINK)) {
      return Kind.GROUP;
    }
    if (has(MessageType.LAYOUT)) {
      return Kind.DATASET;
    }
    if (has(MessageType.DATATYPE)) {
      return Kind.COMMITTED_DATATYPE;
    }
    throw metadata.damaged(
        address, "object header", "messages of no kind of object", "a group or data set");
  }
}
