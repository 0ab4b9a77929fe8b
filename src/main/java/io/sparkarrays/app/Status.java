// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.app;

/** How a command ended; its code is the process's exit status. */
enum Status {
  /** All went well, and nothing is wrong with the data. */
  OK(0),
  /** The command failed, or found something wrong. */
  FAILED(1),
  /** The command line can't be understood. */
  USAGE(2),
  /** It can't be told now: hosts are silent or away. */
  UNKNOWN(3);

  private final int code;

  Status(int code) {
    this.code = code;
  }

  /** The exit status. */
  int code() {
    return code;
  }
}
