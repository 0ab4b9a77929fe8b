// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DayTimeIntervalType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.YearMonthIntervalType;

/**
 * The Arrow vector of one column: its field as Spark maps the type, and the buffers and value
 * counts of it and its children, depth first, as Arrow's record batches list them.
 */
final class VectorPlan {

  private final List<BufferPlan> buffers = new ArrayList<>();
  private final List<VectorNode> nodes = new ArrayList<>();
  private final Set<String> absent;
  private final Field field;

  private VectorPlan(StructField column, long[] steps) {
    this(column, steps, Set.of());
  }

  private VectorPlan(StructField column, long[] steps, Set<String> absent) {
    this.absent = absent;
    this.field = add(column, 1, steps, 0);
  }

  /** A column whose field, nodes and buffers are known. */
  VectorPlan(Field field, List<VectorNode> nodes, List<BufferPlan> buffers) {
    this.absent = Set.of();
    this.field = field;
    this.nodes.addAll(nodes);
    this.buffers.addAll(buffers);
  }

  /** A column with one value of a fixed width in each row. */
  static VectorPlan scalar(StructField column) {
    return new VectorPlan(column, new long[0]);
  }

  /** A column with a struct of numbers in each row; some of its parts may be absent in all rows. */
  static VectorPlan struct(StructField column, Set<String> absent) {
    return new VectorPlan(column, new long[0], absent);
  }

  /** A string column with at most so many bytes a row; its offsets are the column's to write. */
  static VectorPlan text(StructField column, int bytes) {
    VectorPlan plan = new VectorPlan(column, new long[] {0});
    plan.buffers.add(BufferPlan.data(bytes, Byte.SIZE));
    return plan;
  }

  /** A column of text or bytes of any length, which the column writes with their offsets. */
  static VectorPlan texts(StructField column) {
    FieldType type = new FieldType(column.nullable(), arrowType(column.dataType()), null);
    return new VectorPlan(
        new Field(column.name(), type, List.of()),
        List.of(new VectorNode(1, false, true, -1, -1, -1)),
        List.of(BufferPlan.validity(1), BufferPlan.offsets(1, 0), BufferPlan.data(0, Byte.SIZE)));
  }

  /** A column of frames of a shape, in the form that the column's type tells. */
  static VectorPlan frames(StructField column, Dtype dtype, Shape frame) {
    if (column.dataType() instanceof BinaryType && frame.rank() > 0) {
      long bytes = Math.multiplyExact(frame.size(), (long) dtype.size());
      VectorPlan plan = new VectorPlan(column, new long[] {bytes});
      plan.buffers.add(BufferPlan.data(bytes, Byte.SIZE));
      return plan;
    }
    boolean nested =
        column.dataType() instanceof ArrayType array && array.elementType() instanceof ArrayType;
    return new VectorPlan(column, nested ? frame.dims() : new long[] {frame.size()});
  }

  private Field add(StructField column, long values, long[] steps, int depth) {
    DataType type = column.dataType();
    boolean none = absent.contains(column.name());
    nodes.add(VectorNode.fixed(values, none));
    buffers.add(none ? BufferPlan.nulls(values) : BufferPlan.validity(values));
    List<Field> children = new ArrayList<>();
    if (type instanceof ArrayType array) {
      long step = steps[depth];
      buffers.add(BufferPlan.offsets(values, step));
      long inner = Math.multiplyExact(values, step);
      StructField element =
          new StructField("element", array.elementType(), false, Metadata.empty());
      children.add(add(element, inner, steps, depth + 1));
    } else if (type instanceof StructType struct) {
      for (StructField part : struct.fields()) {
        children.add(add(part, values, steps, depth));
      }
    } else if (width(type) == 0) {
      buffers.add(BufferPlan.offsets(values, steps[depth]));
    } else {
      buffers.add(BufferPlan.data(values, width(type)));
    }
    return new Field(
        column.name(), new FieldType(column.nullable(), arrowType(type), null), children);
  }

  /** Bits of one value in a vector; 0 if they vary. */
  static int width(DataType type) {
    if (type instanceof BooleanType) {
      return 1;
    }
    if (type instanceof DecimalType) {
      return 128;
    }
    if (type instanceof TimestampNTZType || type instanceof DayTimeIntervalType) {
      return Long.SIZE;
    }
    if (type instanceof DateType || type instanceof YearMonthIntervalType) {
      return Integer.SIZE;
    }
    if (type instanceof ByteType
        || type instanceof ShortType
        || type instanceof IntegerType
        || type instanceof LongType
        || type instanceof FloatType
        || type instanceof DoubleType) {
      return Byte.SIZE * type.defaultSize();
    }
    return 0;
  }

  /** A type as Spark maps it to Arrow. */
  static ArrowType arrowType(DataType type) {
    if (type instanceof ArrayType) {
      return ArrowType.List.INSTANCE;
    }
    if (type instanceof StructType) {
      return ArrowType.Struct.INSTANCE;
    }
    if (type instanceof BinaryType) {
      return ArrowType.Binary.INSTANCE;
    }
    if (type instanceof BooleanType) {
      return ArrowType.Bool.INSTANCE;
    }
    if (type instanceof DecimalType decimal) {
      return new ArrowType.Decimal(decimal.precision(), decimal.scale(), 128);
    }
    if (type instanceof FloatType) {
      return new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
    }
    if (type instanceof DoubleType) {
      return new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
    }
    if (type instanceof DateType) {
      return new ArrowType.Date(DateUnit.DAY);
    }
    if (type instanceof TimestampNTZType) {
      return new ArrowType.Timestamp(TimeUnit.MICROSECOND, null);
    }
    if (type instanceof DayTimeIntervalType) {
      return new ArrowType.Duration(TimeUnit.MICROSECOND);
    }
    if (type instanceof YearMonthIntervalType) {
      return new ArrowType.Interval(IntervalUnit.YEAR_MONTH);
    }
    return width(type) > 0 ? new ArrowType.Int(width(type), true) : ArrowType.Utf8.INSTANCE;
  }

  /** The column as Arrow sees it. */
  Field field() {
    return field;
  }

  /** Its buffers, depth first. */
  List<BufferPlan> buffers() {
    return buffers;
  }

  /** The value and null counts of the vector and its children for a number of filled rows. */
  List<ArrowFieldNode> nodes(int rows, VectorBuffers filled) {
    List<ArrowFieldNode> counts = new ArrayList<>();
    for (VectorNode node : nodes) {
      long values = node.values(rows, counts, filled);
      counts.add(new ArrowFieldNode(values, node.nulls(values, filled)));
    }
    return counts;
  }

  /** Whether rows need more memory the larger their values are. */
  boolean variable() {
    return nodes.stream().anyMatch(VectorNode::variable);
  }

  /** Bytes that a row adds. */
  long bytesPerRow() {
    long bits = 0;
    for (BufferPlan buffer : buffers) {
      bits = Math.addExact(bits, Math.multiplyExact(buffer.perRow(), (long) buffer.bits()));
    }
    return bits / 8 + 1;
  }

  /**
   * Most rows that one vector can hold: a buffer must be addressable by an {@code int}, and so must
   * the values of a list.
   */
  long mostRows() {
    long most = Integer.MAX_VALUE;
    for (BufferPlan buffer : buffers) {
      long values = Math.max(1, buffer.perRow());
      most = Math.min(most, (Integer.MAX_VALUE - 64L) * Byte.SIZE / buffer.bits() / values);
      most = Math.min(most, (Integer.MAX_VALUE - 64L) / values);
    }
    return most;
  }
}
