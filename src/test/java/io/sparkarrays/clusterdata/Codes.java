// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.clusterdata;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.ErrorCode;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Assertions on what a refusal says. */
final class Codes {

  private Codes() {}

  /** Asserts that a call fails with this code; the message can be looked at further. */
  static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(
      ErrorCode code, ThrowingCallable call) {
    return assertThatThrownBy(call)
        .isInstanceOf(DataSetException.class)
        .hasMessageStartingWith("[" + code + "] ");
  }
}
