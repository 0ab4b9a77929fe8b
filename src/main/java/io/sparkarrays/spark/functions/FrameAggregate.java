// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.functions;

import io.sparkarrays.reduce.ElementwiseState;
import java.io.Serial;
import java.io.Serializable;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.connector.catalog.functions.AggregateFunction;
import org.apache.spark.sql.types.DataType;

/**
 * What the aggregates have in common: they combine frames element by element. Null frames play no
 * part; of no frames the result is null.
 */
abstract class FrameAggregate<S extends ElementwiseState<S>>
    implements AggregateFunction<Serializable, Object>, Serializable {
  @Serial private static final long serialVersionUID = 1L;

  private final Call call;
  private final DataType result;

  FrameAggregate(Call call, DataType result) {
    this.call = call;
    this.result = result;
  }

  final Call call() {
    return call;
  }

  /** A state without frames. */
  abstract S empty();

  /** The state that was packed. */
  abstract S unpack(Object[] packed);

  /** The result of a state that is not empty. */
  abstract ArrayData result(S state);

  @Override
  public final S newAggregationState() {
    return empty();
  }

  /** A state as Spark gives it: as it was, or packed if it has come from another task. */
  @SuppressWarnings("unchecked") // Spark gives back only what it got.
  private S state(Serializable given) {
    return given instanceof Object[] packed ? unpack(packed) : (S) given;
  }

  @Override
  public final S update(Serializable given, InternalRow row) {
    S state = state(given);
    if (row.isNullAt(0)) {
      return state;
    }
    FrameArgument frame = Workspace.get().frame();
    if (!call.frame().binary()) {
      frame.at(row.getArray(0), call.frame());
    } else if (row.isNullAt(1)) {
      return state;
    } else {
      frame.at(row.getBinary(0), row.getUTF8String(1));
    }
    state.add(frame.type(), frame.memory(), frame.size());
    return state;
  }

  @Override
  public final S merge(Serializable left, Serializable right) {
    return state(left).merge(state(right));
  }

  @Override
  public final Object produceResult(Serializable given) {
    S state = state(given);
    return state.isEmpty() ? null : result(state);
  }

  @Override
  public final DataType[] inputTypes() {
    return call.types();
  }

  @Override
  public final DataType resultType() {
    return result;
  }

  @Override
  public final String name() {
    return call.name();
  }

  @Override
  public final String canonicalName() {
    return call.canonicalName();
  }

  @Override
  public final boolean equals(Object other) {
    return other instanceof FrameAggregate<?> that && call.equals(that.call);
  }

  @Override
  public final int hashCode() {
    return call.hashCode();
  }

  @Override
  public final String toString() {
    return call.name();
  }
}
