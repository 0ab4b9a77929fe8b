// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.clusterdata;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.io.IOException;
import java.io.Serial;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Objects;

/** A ClusterDataSet that can't be opened, read or written as it is; the code tells why. */
public final class DataSetException extends ArrayException {
  @Serial private static final long serialVersionUID = 1L;

  DataSetException(ErrorCode code, Object where, String problem, String remedy) {
    this(code, where, problem, remedy, null);
  }

  /** Made by the package, and by what works with data sets on other hosts. */
  public DataSetException(
      ErrorCode code, Object where, String problem, String remedy, Throwable cause) {
    super(code, where, problem, remedy, cause);
  }

  /** {@code IO_FAILED}: the file system refused something. */
  static DataSetException io(Path path, String attempt, IOException cause) {
    String reason =
        cause instanceof FileSystemException failure && failure.getReason() != null
            ? failure.getReason()
            : Objects.requireNonNullElse(cause.getMessage(), cause.getClass().getSimpleName());
    String problem = attempt + " failed: " + reason;
    if (cause instanceof AccessDeniedException) {
      return new DataSetException(
          ErrorCode.IO_FAILED,
          path,
          attempt + " failed: permission denied",
          "Let user " + System.getProperty("user.name") + " reach this path",
          cause);
    }
    return new DataSetException(
        ErrorCode.IO_FAILED,
        path,
        problem,
        "Check the disk's free space and health, then try again",
        cause);
  }

  /** {@code NOT_A_DATA_SET}: a folder, pipe or broken link stands where a file belongs. */
  static DataSetException notAFile(Path path) {
    return new DataSetException(
        ErrorCode.NOT_A_DATA_SET,
        path,
        "a file was expected, but this is a folder, a link that leads nowhere or a special file",
        "Move it away; nothing but partition files belongs there");
  }
}
