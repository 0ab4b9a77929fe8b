// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.genericio;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;

/** What can be wrong with a file, in the words that users read. */
final class Faults {

  private static final String FETCH_AGAIN =
      "Copy the file again from where it was written, or write it again";

  private Faults() {}

  static ArrayException notGenericIO(Object file, String problem) {
    return new ArrayException(
        ErrorCode.NOT_A_DATA_SET,
        file,
        "not a GenericIO file: " + problem,
        "Give the path of a GenericIO file, or of the rank map of a split one");
  }

  static ArrayException damaged(Object where, String problem) {
    return damaged(where, problem, null);
  }

  static ArrayException damaged(Object where, String problem, Throwable cause) {
    return new ArrayException(ErrorCode.FILE_DAMAGED, where, problem, FETCH_AGAIN, cause);
  }

  static ArrayException truncated(Object where, String problem) {
    return new ArrayException(ErrorCode.FILE_TRUNCATED, where, problem, FETCH_AGAIN);
  }

  static ArrayException checksum(Object where, String of) {
    return new ArrayException(
        ErrorCode.CHECKSUM_DIFFERS,
        where,
        "the CRC-64 of " + of + " is not the one that is stored",
        FETCH_AGAIN);
  }
}
