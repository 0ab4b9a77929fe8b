// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import java.io.Serial;

/**
 * A mistake in the input, files or cluster, told in one message: the stable {@linkplain ErrorCode
 * name}, where (path, data set, offset), what was wrong, and what to do about it.
 */
public class ArrayException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  /**
   * @param code the cause's stable name
   * @param where path, data set, offset or option at fault
   * @param problem what was found and what was expected
   * @param remedy what the user can do
   */
  public ArrayException(ErrorCode code, Object where, String problem, String remedy) {
    this(code, where, problem, remedy, null);
  }

  /** As the shorter constructor, with the failure below it. */
  public ArrayException(
      ErrorCode code, Object where, String problem, String remedy, Throwable cause) {
    super("[" + code + "] " + where + ": " + problem + ". " + remedy + ".", cause);
    this.code = code;
  }

  /** The cause's stable name. */
  public final ErrorCode code() {
    return code;
  }
}
