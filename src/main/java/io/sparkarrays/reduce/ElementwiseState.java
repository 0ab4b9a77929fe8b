// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.reduce;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.ErrorCode;
import java.io.Serializable;

/**
 * What frames add up to so far, element by element; sent between tasks and merged. It is serialized
 * as what {@link #pack()} gives, because Spark restores the states of aggregates with a class
 * loader that knows nothing of a job's jars.
 *
 * @param <S> the state itself
 */
public interface ElementwiseState<S extends ElementwiseState<S>> extends Serializable {

  /**
   * Takes a frame in.
   *
   * @throws ArrayException {@code FRAME_LENGTH}, {@code DTYPE_DIFFERS}: it is not like the others
   */
  void add(ElementType type, ElementMemory frame, int size);

  /** Takes another state in, which must not be used any more. */
  S merge(S other);

  /** The state in classes of the JDK. */
  Object[] pack();

  /** Whether there was no frame yet. */
  boolean isEmpty();

  /** Refuses a frame of another length. */
  static void requireLength(int expected, int found) {
    if (expected != found) {
      throw new ArrayException(
          ErrorCode.FRAME_LENGTH,
          "an aggregate of frames",
          "a frame has " + found + " elements, another one " + expected,
          "Aggregate frames of one shape, or group by something that tells them apart");
    }
  }

  /** Refuses a frame of another dtype. */
  static void requireType(ElementType expected, ElementType found) {
    if (expected != found) {
      throw new ArrayException(
          ErrorCode.DTYPE_DIFFERS,
          "an aggregate of frames",
          "a frame has dtype " + found.numpyName() + ", another one " + expected.numpyName(),
          "Give one dtype for all frames of an aggregate");
    }
  }
}
