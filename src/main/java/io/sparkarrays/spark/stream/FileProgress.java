// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.stream;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FrontierState;
import io.sparkarrays.spark.source.FollowedFile;
import java.util.Map;

/**
 * How far a file was followed.
 *
 * @param identity which file it is
 * @param structure what must stay the same in it
 * @param state which of its frames were given
 * @param done whether no more will come
 */
record FileProgress(
    String identity, Map<String, String> structure, FrontierState state, boolean done) {

  FileProgress(String identity, Map<String, String> structure, FrontierState state, boolean done) {
    this.identity = identity;
    this.structure = Map.copyOf(structure);
    this.state = state;
    this.done = done;
  }

  /** How far a file is, if it is followed to a state. */
  static FileProgress of(FollowedFile file, FrontierState state) {
    boolean last = state.equals(file.state());
    boolean ended = file.complete() || (file.finished() && file.late() == 0);
    return new FileProgress(file.identity(), file.structure(), state, last && ended);
  }

  /**
   * Checks that a file is the one that was followed.
   *
   * @throws ArrayException {@code SCAN_CHANGED}
   */
  void requireSame(FollowedFile file) {
    requireSame(file.file(), file.identity());
    structure.forEach(
        (name, before) -> {
          String now = file.structure().getOrDefault(name, before);
          if (!now.equals(before)) {
            throw changed(file.file(), name + " is now " + now + ", and was " + before);
          }
        });
  }

  /** As {@link #requireSame(FollowedFile)}, for a file that isn't open. */
  void requireSame(String file, String now) {
    if (!now.equals(identity)) {
      throw changed(file, "another file has its name now (" + now + ", it was " + identity + ")");
    }
  }

  private ArrayException changed(String file, String problem) {
    return new ArrayException(
        ErrorCode.SCAN_CHANGED,
        file,
        problem + "; the checkpoint has followed it to frame " + state.next(),
        "Put the file back, or begin anew with another checkpoint");
  }
}
