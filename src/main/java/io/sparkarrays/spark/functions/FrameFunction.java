// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.functions;

import java.io.Serial;
import java.io.Serializable;
import org.apache.spark.sql.connector.catalog.functions.ScalarFunction;
import org.apache.spark.sql.types.DataType;

/**
 * What the scalar functions have in common. Their methods {@code invoke} are called by Spark's
 * generated code, one a row, with Spark's own arrays; a null frame gives null.
 */
abstract class FrameFunction implements ScalarFunction<Object>, Serializable {
  @Serial private static final long serialVersionUID = 1L;

  private final Call call;
  private final DataType result;

  FrameFunction(Call call, DataType result) {
    this.call = call;
    this.result = result;
  }

  final Call call() {
    return call;
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
    return other instanceof FrameFunction that && call.equals(that.call);
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
