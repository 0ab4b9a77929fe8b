// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.functions;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.types.DataType;

/**
 * A function bound to its arguments' types. Two calls are equal if they compute the same; Spark
 * compares them, as in {@code GROUP BY frame_sum(frame)}.
 *
 * @param name the function's name
 * @param frame the type of its first argument
 * @param mask the type of its second, if that is a mask; else null
 * @param inputTypes the types that Spark casts the arguments to
 */
record Call(String name, FrameType frame, FrameType mask, List<DataType> inputTypes)
    implements Serializable {

  /** What {@code BoundFunction.inputTypes} asks for. */
  DataType[] types() {
    return inputTypes.toArray(DataType[]::new);
  }

  /** A name that tells the call from all others, in any catalog. */
  String canonicalName() {
    String types = String.join(", ", inputTypes.stream().map(DataType::catalogString).toList());
    return "io.sparkarrays." + name + "(" + types + ")";
  }

  /** Makes an array of a call's types; the last is the dtype of binary frames. */
  static Call of(String name, FrameType frame, FrameType mask, DataType... types) {
    return new Call(name, frame, mask, List.copyOf(Arrays.asList(types)));
  }
}
