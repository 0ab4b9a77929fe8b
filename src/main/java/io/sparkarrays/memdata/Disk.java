// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.io.IOException;

/** Calls of a file where the container's interface, which memory shares, knows none that fail. */
final class Disk {

  private Disk() {}

  /** What a call gives. */
  interface Call<T> {
    T call() throws IOException;
  }

  /** A call that gives nothing. */
  interface Action {
    void run() throws IOException;
  }

  static <T> T get(Backend backend, String path, Call<T> call) {
    try {
      return call.call();
    } catch (IOException e) {
      throw new ArrayException(
          ErrorCode.IO_FAILED,
          backend.path() + ", " + path,
          String.valueOf(e.getMessage()),
          "Check the disk and the permissions",
          e);
    }
  }

  static void run(Backend backend, String path, Action action) {
    get(
        backend,
        path,
        () -> {
          action.run();
          return null;
        });
  }
}
