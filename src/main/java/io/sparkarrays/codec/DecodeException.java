// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.codec;

import java.io.IOException;
import java.io.Serial;

/** Compressed bytes that break their format's rules; who knows the file says where they are. */
public final class DecodeException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  /** A fault told in a phrase. */
  public DecodeException(String problem) {
    super(problem);
  }

  /** A fault that a library found. */
  public DecodeException(String problem, Throwable cause) {
    super(problem, cause);
  }
}
