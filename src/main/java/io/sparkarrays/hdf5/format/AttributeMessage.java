// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.format;

import io.sparkarrays.core.ArrayException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * An attribute as it is stored: in the object's header, or in a fractal heap (IV.A.2.m, v).
 *
 * @param name its name
 * @param type the datatype of its elements
 * @param space its extents
 * @param data the bytes of its elements
 */
public record AttributeMessage(String name, Datatype type, Dataspace space, byte[] data) {

  private static final int NAME_INDEX = 8;
  private static final int HEAP_ID = 8;

  /** Takes attributes one by one, and the errors of those that can't be read. */
  public interface Visitor {
    void accept(AttributeMessage attribute);

    void damaged(ArrayException error);
  }

  /** Fields of an attribute and its place in the order of creation. */
  private record Placed(Fields fields, long order) {}

  /** Reads all attributes of an object, in the order of creation if it is tracked. */
  public static void forEach(ObjectHeader header, Visitor visitor) throws IOException {
    List<Placed> found = new ArrayList<>();
    for (ObjectHeader.Message message : header.all(MessageType.ATTRIBUTE)) {
      found.add(new Placed(ObjectHeader.resolve(message), message.order()));
    }
    var info = header.find(MessageType.ATTRIBUTE_INFO);
    boolean tracked = false;
    if (info.isPresent()) {
      Fields fields = info.get();
      fields.version(0, 0);
      tracked = (fields.u8() & 1) != 0;
      fields.skip(tracked ? 2 : 0);
      long heap = fields.offset();
      dense(header.metadata(), heap, fields.offset(), found);
    }
    if (tracked) {
      found.sort(Comparator.comparingLong(Placed::order));
    }
    for (Placed placed : found) {
      try {
        visitor.accept(read(placed.fields()));
      } catch (ArrayException e) {
        visitor.damaged(e);
      }
    }
  }

  private static void dense(Metadata metadata, long address, long index, List<Placed> found)
      throws IOException {
    if (address == Metadata.UNDEFINED) {
      return;
    }
    FractalHeap heap = FractalHeap.read(metadata, address);
    BTreeV2.read(metadata, index, NAME_INDEX)
        .forEach(
            fields -> {
              Fields id = fields.part(HEAP_ID, "attribute id");
              boolean shared = (fields.u8() & 1 << 1) != 0;
              long order = fields.u32();
              Fields body =
                  shared ? SharedMessageTable.inHeap(id, MessageType.ATTRIBUTE) : heap.get(id);
              found.add(new Placed(body, order));
            });
  }

  private static AttributeMessage read(Fields fields) throws IOException {
    int version = fields.version(1, 3);
    int flags = fields.u8();
    int nameSize = fields.u16();
    int typeSize = fields.u16();
    int spaceSize = fields.u16();
    fields.skip(version == 3 ? 1 : 0);
    int pad = version == 1 ? 7 : 0;
    String name = fields.text(nameSize);
    fields.skip(-nameSize & pad);
    Fields typeFields = fields.part(typeSize, "attribute's datatype");
    fields.skip(-typeSize & pad);
    Fields spaceFields = fields.part(spaceSize, "attribute's dataspace");
    fields.skip(-spaceSize & pad);
    boolean typeShared = version > 1 && (flags & 1) != 0;
    boolean spaceShared = version > 1 && (flags & 2) != 0;
    Datatype type =
        DatatypeMessage.read(
            typeShared ? SharedMessageTable.resolve(typeFields, MessageType.DATATYPE) : typeFields);
    Dataspace space =
        Dataspace.read(
            spaceShared
                ? SharedMessageTable.resolve(spaceFields, MessageType.DATASPACE)
                : spaceFields);
    long elements = space.isNull() ? 0 : space.shape().size();
    if (elements > fields.remaining() / type.size()) {
      throw fields.damaged(
          fields.remaining() + " bytes of data", elements + " elements of " + type.size());
    }
    return new AttributeMessage(name, type, space, fields.bytes(elements * type.size()));
  }
}
