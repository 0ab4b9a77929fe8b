// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.reduction;

import io.sparkarrays.spark.functions.FrameFunctions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.catalog.functions.AggregateFunction;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Literal;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.aggregate.AggregateFunc;
import org.apache.spark.sql.connector.expressions.aggregate.Aggregation;
import org.apache.spark.sql.connector.expressions.aggregate.UserDefinedAggregateFunc;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * The aggregates of frames that one query wants of a whole table, and their states.
 *
 * @param columns the columns of frames that they need, in order
 * @param calls the aggregates, in order
 */
public record FrameReductions(List<String> columns, List<Call> calls) implements Serializable {

  /**
   * One aggregate.
   *
   * @param function the same function that Spark would run
   * @param column the place of its column among those that are read
   * @param dtype the dtype of binary frames, or null
   */
  record Call(AggregateFunction<Serializable, Object> function, int column, Literal<?> dtype)
      implements Serializable {

    /** Takes a batch's frames into a state. */
    Serializable update(Serializable before, ColumnarBatch batch) {
      Serializable state = before;
      Object[] values = new Object[dtype == null ? 1 : 2];
      if (dtype != null) {
        values[1] = dtype.value();
      }
      InternalRow row = new GenericInternalRow(values);
      for (int i = 0; i < batch.numRows(); i++) {
        values[0] =
            dtype == null ? batch.column(column).getArray(i) : batch.column(column).getBinary(i);
        state = function.update(state, row);
      }
      return state;
    }
  }

  /**
   * What Spark asks for, or nothing if Spark must compute it from rows: other functions, groups.
   *
   * @param frames the type of a column of frames by its name; empty for all else
   */
  public static Optional<FrameReductions> of(
      Aggregation aggregation, Function<String, Optional<StructType>> frames) {
    if (aggregation.groupByExpressions().length > 0
        || aggregation.aggregateExpressions().length == 0) {
      return Optional.empty();
    }
    Set<String> columns = new LinkedHashSet<>();
    List<Call> calls = new ArrayList<>();
    for (AggregateFunc function : aggregation.aggregateExpressions()) {
      Optional<Call> call = call(function, frames, columns);
      if (call.isEmpty()) {
        return Optional.empty();
      }
      calls.add(call.get());
    }
    return Optional.of(new FrameReductions(List.copyOf(columns), calls));
  }

  private static Optional<Call> call(
      AggregateFunc aggregate, Function<String, Optional<StructType>> frames, Set<String> columns) {
    if (!(aggregate instanceof UserDefinedAggregateFunc function) || function.isDistinct()) {
      return Optional.empty();
    }
    Expression[] arguments = function.children();
    boolean typed = arguments.length == 2 && arguments[1] instanceof Literal<?>;
    if (!(arguments[0] instanceof NamedReference reference)
        || reference.fieldNames().length != 1
        || (arguments.length != 1 && !typed)) {
      return Optional.empty();
    }
    String column = reference.fieldNames()[0];
    Literal<?> dtype = typed ? (Literal<?>) arguments[1] : null;
    return frames
        .apply(column)
        .map(type -> typed ? type.add("dtype", DataTypes.StringType) : type)
        .flatMap(type -> bind(function, type))
        .map(
            bound -> {
              columns.add(column);
              return new Call(bound, List.copyOf(columns).indexOf(column), dtype);
            });
  }

  /** The function of that name, if it is ours: other catalogs may have others. */
  @SuppressWarnings("unchecked") // As AggregateFunction's two uses in package functions are.
  private static Optional<AggregateFunction<Serializable, Object>> bind(
      UserDefinedAggregateFunc function, StructType arguments) {
    try {
      return FrameFunctions.find(function.name())
          .map(unbound -> unbound.bind(arguments))
          .filter(bound -> bound.canonicalName().equals(function.canonicalName()))
          .map(bound -> (AggregateFunction<Serializable, Object>) bound);
    } catch (UnsupportedOperationException e) {
      // Ours takes no such frames, so it is another one.
      return Optional.empty();
    }
  }

  /** The results' columns. */
  StructType schema() {
    StructType schema = new StructType();
    for (Call call : calls) {
      schema = schema.add(call.function().name(), call.function().resultType(), true);
    }
    return schema;
  }

  /** States without frames. */
  Serializable[] empty() {
    return calls.stream()
        .map(call -> call.function().newAggregationState())
        .toArray(Serializable[]::new);
  }

  /** Takes a batch's frames into states. */
  void update(Serializable[] states, ColumnarBatch batch) {
    for (int i = 0; i < states.length; i++) {
      states[i] = calls.get(i).update(states[i], batch);
    }
  }

  /** Merges packed states of two tasks. */
  byte[] merge(byte[] left, byte[] right) {
    Serializable[] one = unpack(left);
    Serializable[] other = unpack(right);
    for (int i = 0; i < one.length; i++) {
      one[i] = calls.get(i).function().merge(one[i], other[i]);
    }
    return pack(one);
  }

  /** The results' row. */
  InternalRow result(byte[] packed) {
    Serializable[] states = unpack(packed);
    Object[] values = new Object[states.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = calls.get(i).function().produceResult(states[i]);
    }
    return new GenericInternalRow(values);
  }

  /** States as bytes that any class loader can read. */
  static byte[] pack(Serializable[] states) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(states);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static Serializable[] unpack(byte[] packed) {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(packed))) {
      return (Serializable[]) in.readObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("States are packed in classes of the JDK", e);
    }
  }

  @Override
  public String toString() {
    return calls.stream()
        .map(call -> call.function().name() + "(" + columns.get(call.column()) + ")")
        .toList()
        .toString();
  }
}
