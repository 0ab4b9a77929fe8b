// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.app;

import java.io.Serial;

/** The command line can't be understood; the message says why, in one line. */
final class UsageException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
