// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

import io.sparkarrays.core.FrontierState;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Files that are being written, and whose frames are read as they come. Used by one thread. */
public interface FollowedSource {

  /** The files that there are now, sorted; some may not be readable yet. */
  List<String> files();

  /**
   * Opens a file.
   *
   * @param start where it was followed to before
   * @return nothing while its writer lets nobody read it, or has not made all of it yet
   * @throws io.sparkarrays.core.ArrayException if it can't be followed
   */
  Optional<FollowedFile> open(String file, FrontierState start) throws IOException;

  /** Which file it is now, if there is one; see {@link FollowedFile#identity}. */
  Optional<String> identity(String file);

  /**
   * When that file was made, if the file system tells: a file that takes another one's place may
   * get its identity, too. The same text is in {@link FollowedFile#structure} under {@link
   * FollowedFile#MADE}.
   */
  default Optional<String> made(String file) {
    return Optional.empty();
  }

  /** What a task needs to read frames that were found. */
  FrameOpener opener();
}
