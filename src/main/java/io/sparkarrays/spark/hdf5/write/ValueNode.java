// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5.write;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.spark.write.FrameEncoder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * One part of a value that has text or members: it is recorded as it comes, and becomes an element
 * once the longest text is known. Used by one thread.
 */
abstract class ValueNode {

  /** The stored type, whose texts are as long as the longest so far. */
  abstract ValueType type();

  /** Appends the value of a row's column. */
  abstract void record(InternalRow row, int ordinal, long frame, RecordBuffer out);

  /** Makes the element of a record: takes its bytes, and appends as many as the type has. */
  abstract void expand(ByteBuffer in, ByteBuffer out);

  static ArrayException isNull(String name, long frame) {
    return new ArrayException(
        ErrorCode.VALUE_OUT_OF_RANGE,
        "column " + name + ", frame " + frame,
        "the value is null, which arrays can't hold",
        "Replace nulls, by coalesce for instance");
  }

  /** Numbers, or arrays of them. */
  static final class Numbers extends ValueNode {
    private final FrameEncoder encoder;
    private final ValueType.Plain element;
    private final Shape shape;

    Numbers(FrameEncoder encoder, ValueType.Plain element, Shape shape) {
      this.encoder = encoder;
      this.element = element;
      this.shape = shape;
    }

    @Override
    ValueType type() {
      return shape.rank() == 0 ? element : new ValueType.FixedArray(shape, element);
    }

    @Override
    void record(InternalRow row, int ordinal, long frame, RecordBuffer out) {
      out.put(encoder.encode(row, frame).duplicate());
    }

    @Override
    void expand(ByteBuffer in, ByteBuffer out) {
      int bytes = type().size();
      out.put(in.slice(in.position(), bytes));
      in.position(in.position() + bytes);
    }
  }

  /** Text, in UTF-8, with a NUL behind the longest, as C has it. */
  static final class Text extends ValueNode {
    private static final UTF8String NUL = UTF8String.fromString("\0");

    private final String name;
    private int longest = 1;

    Text(String name) {
      this.name = name;
    }

    @Override
    ValueType type() {
      return TypeNames.text(longest + 1);
    }

    @Override
    void record(InternalRow row, int ordinal, long frame, RecordBuffer out) {
      if (row.isNullAt(ordinal)) {
        throw isNull(name, frame);
      }
      byte[] text = row.getUTF8String(ordinal).getBytes();
      if (row.getUTF8String(ordinal).contains(NUL)) {
        throw new ArrayException(
            ErrorCode.VALUE_OUT_OF_RANGE,
            "column " + name + ", frame " + frame,
            "there is a NUL in the text, which ends it in HDF5",
            "Remove it, by replace for instance");
      }
      longest = Math.max(longest, text.length);
      out.put(ByteBuffer.allocate(Integer.BYTES).putInt(0, text.length));
      out.put(ByteBuffer.wrap(text));
    }

    @Override
    void expand(ByteBuffer in, ByteBuffer out) {
      int length = in.getInt();
      out.put(in.slice(in.position(), length));
      in.position(in.position() + length);
      for (int i = length; i <= longest; i++) {
        out.put((byte) 0);
      }
    }
  }

  /** Members, one behind the other. */
  static final class Members extends ValueNode {
    private final String name;
    private final List<String> names;
    private final List<ValueNode> nodes;

    Members(String name, List<String> names, List<ValueNode> nodes) {
      this.name = name;
      this.names = names;
      this.nodes = nodes;
    }

    @Override
    ValueType type() {
      List<ValueType.Member> members = new ArrayList<>();
      int offset = 0;
      for (int i = 0; i < nodes.size(); i++) {
        ValueType type = nodes.get(i).type();
        members.add(new ValueType.Member(names.get(i), offset, type));
        offset += type.size();
      }
      return new ValueType.Compound(offset, members);
    }

    @Override
    void record(InternalRow row, int ordinal, long frame, RecordBuffer out) {
      if (row.isNullAt(ordinal)) {
        throw isNull(name, frame);
      }
      InternalRow struct = row.getStruct(ordinal, nodes.size());
      for (int i = 0; i < nodes.size(); i++) {
        nodes.get(i).record(struct, i, frame, out);
      }
    }

    @Override
    void expand(ByteBuffer in, ByteBuffer out) {
      nodes.forEach(node -> node.expand(in, out));
    }
  }
}
