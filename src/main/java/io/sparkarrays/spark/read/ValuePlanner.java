// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Plans the vector of a column of any value type, and makes the decoder that fills it. Of compounds
 * only those members are there that the column's Spark type has.
 */
final class ValuePlanner {

  private static final long UNKNOWN = -1;

  private final ValueDecoder.References references;
  private final List<BufferPlan> buffers = new ArrayList<>();
  private final List<VectorNode> nodes = new ArrayList<>();

  private ValuePlanner(ValueDecoder.References references) {
    this.references = references;
  }

  /** A vector, and what fills it with rows. */
  record Planned(VectorPlan plan, ValueDecoder decoder) {}

  /** One vector among those of a column. */
  private record Child(Field field, ValueDecoder decoder) {}

  /**
   * Plans a column.
   *
   * @param column with the Spark type that {@link SparkTypes} has for such frames, or a part of it
   * @param frame the shape of a frame, or of the region of it that is read
   */
  static Planned plan(
      StructField column, ValueType type, Shape frame, ValueDecoder.References references) {
    ValuePlanner planner = new ValuePlanner(references);
    ValueType row = type;
    if (frame.rank() > 0) {
      boolean nested = depth(column.dataType()) == frame.rank() + SparkTypes.depth(type);
      row = new ValueType.FixedArray(nested ? frame : Shape.of(frame.size()), type);
    }
    Child root = planner.add(column, row, 1, -1, -1);
    return new Planned(
        new VectorPlan(root.field(), planner.nodes, planner.buffers), root.decoder());
  }

  private static int depth(DataType type) {
    return type instanceof ArrayType array ? 1 + depth(array.elementType()) : 0;
  }

  /**
   * Adds a vector.
   *
   * @param perRow values a row, or {@link #UNKNOWN}
   * @param parent the place of its parent's node
   * @param list the place of its parent's offsets, if that is a list
   */
  private Child add(StructField column, ValueType type, long perRow, int parent, int list) {
    int node = nodes.size();
    int validity = buffers.size();
    boolean sized = !(type instanceof ValueType.Variable);
    nodes.add(new VectorNode(perRow, false, !sized, parent, list, type.nullable() ? validity : -1));
    long planned = Math.max(0, perRow);
    buffers.add(BufferPlan.validity(planned));
    List<Field> fields = new ArrayList<>();
    ValueDecoder decoder;
    if (column.dataType() instanceof StructType struct) {
      decoder = struct(struct, type, perRow, node, fields);
    } else if (column.dataType() instanceof ArrayType array) {
      decoder = array(array, type, perRow, node, fields);
    } else {
      decoder = leaf(column.dataType(), type, planned);
    }
    FieldType arrow =
        new FieldType(column.nullable(), VectorPlan.arrowType(column.dataType()), null);
    return new Child(new Field(column.name(), arrow, fields), decoder);
  }

  private ValueDecoder struct(
      StructType struct, ValueType type, long perRow, int node, List<Field> fields) {
    ValueType.Compound compound = SparkTypes.compound(type);
    List<CompoundValues.Part> parts = new ArrayList<>();
    for (StructField field : struct.fields()) {
      ValueType.Member member = SparkTypes.member(compound, field.name());
      Child child = add(field, member.type(), perRow, node, -1);
      fields.add(child.field());
      parts.add(new CompoundValues.Part(member.offset(), member.type().size(), child.decoder()));
    }
    return new CompoundValues(compound.size(), parts);
  }

  private ValueDecoder array(
      ArrayType array, ValueType type, long perRow, int node, List<Field> fields) {
    int offsets = buffers.size();
    long planned = Math.max(0, perRow);
    StructField element =
        new StructField("element", array.elementType(), array.containsNull(), Metadata.empty());
    if (type instanceof ValueType.Sequence sequence) {
      buffers.add(BufferPlan.offsets(planned, 0));
      Child child = add(element, sequence.element(), UNKNOWN, node, offsets);
      fields.add(child.field());
      return new SequenceValues(sequence, references, offsets, child.decoder());
    }
    ValueType.FixedArray fixed = (ValueType.FixedArray) type;
    long step = fixed.shape().dim(0);
    Shape inner = fixed.shape().slice(1, fixed.shape().rank());
    ValueType inside =
        inner.rank() == 0 ? fixed.element() : new ValueType.FixedArray(inner, fixed.element());
    buffers.add(BufferPlan.offsets(planned, step));
    long values = perRow == UNKNOWN ? UNKNOWN : Math.multiplyExact(perRow, step);
    Child child = add(element, inside, values, node, offsets);
    fields.add(child.field());
    int length = Math.toIntExact(step);
    return (stored, first, count, out) -> {
      out.reserve(offsets, (long) first + count);
      int from = Math.multiplyExact(first, length);
      child.decoder().decode(stored, from, Math.multiplyExact(count, length), out);
    };
  }

  private ValueDecoder leaf(DataType spark, ValueType type, long planned) {
    int place = buffers.size();
    if (type instanceof ValueType.Plain plain) {
      buffers.add(BufferPlan.data(planned, VectorPlan.width(spark)));
      return new NumberValues(plain.dtype(), spark, place);
    } else if (type instanceof ValueType.Converted converted) {
      buffers.add(BufferPlan.data(planned, VectorPlan.width(spark)));
      return NumberValues.converted(converted, spark, place);
    } else if (type instanceof ValueType.Time time) {
      buffers.add(BufferPlan.data(planned, VectorPlan.width(spark)));
      return new TimeValues(time, place - 1);
    } else if (type instanceof ValueType.Opaque opaque) {
      bytes(planned, opaque.size(), opaque.size());
      return new OpaqueValues(opaque.size(), place);
    } else if (type instanceof ValueType.Text text) {
      bytes(planned, 0, text.size());
      return new TextValues(text, place);
    } else if (type instanceof ValueType.Enumeration names) {
      bytes(planned, 0, EnumerationValues.nameBytes(names));
      return new EnumerationValues(names, place);
    } else if (type instanceof ValueType.VariableText text) {
      bytes(planned, 0, 0);
      return new VariableTextValues(text, references, place);
    }
    throw new IllegalArgumentException(type + " as " + spark.sql());
  }

  private void bytes(long values, long step, long most) {
    buffers.add(BufferPlan.offsets(values, step));
    buffers.add(BufferPlan.data(Math.multiplyExact(values, most), Byte.SIZE));
  }
}
