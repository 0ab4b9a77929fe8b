// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.core.Shape;
import io.sparkarrays.hdf5.format.AttributeMessage;
import io.sparkarrays.hdf5.format.Datatype;
import io.sparkarrays.hdf5.format.GlobalHeap;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** A small named array of an object, read whole. */
public final class Attribute {

  private final AttributeMessage message;
  private final GlobalHeap heap;

  Attribute(AttributeMessage message, GlobalHeap heap) {
    this.message = message;
    this.heap = heap;
  }

  public String name() {
    return message.name();
  }

  /** The extents; rank 0 for a single value. */
  public Shape shape() {
    return message.space().shape();
  }

  /** Whether there is no value at all. */
  public boolean isNull() {
    return message.space().isNull();
  }

  public Datatype datatype() {
    return message.type();
  }

  /** The elements' bytes as they are stored. */
  public ByteBuffer bytes() {
    return ByteBuffer.wrap(message.data()).asReadOnlyBuffer();
  }

  /** The elements in C order; what their classes are, {@link Values} says. */
  public List<Object> values() throws IOException {
    return new Values(heap).list(message.type(), message.data());
  }

  /** The first element, which is the only one of a scalar; null if there is none. */
  public Object value() throws IOException {
    List<Object> values = values();
    return values.isEmpty() ? null : values.get(0);
  }
}
