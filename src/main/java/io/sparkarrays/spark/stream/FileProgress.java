// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.stream;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FrontierState;
import io.sparkarrays.spark.source.FollowedFile;
import io.sparkarrays.spark.source.FrameKey;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * How far a file was followed.
 *
 * @param identity which file it is
 * @param structure what must stay the same in it
 * @param state which of its frames were given
 * @param last the key of a frame that was there; later runs of a writer have greater ones
 * @param done whether no more will come
 */
record FileProgress(
    String identity,
    Map<String, String> structure,
    FrontierState state,
    Optional<FrameKey> last,
    boolean done) {

  FileProgress(
      String identity,
      Map<String, String> structure,
      FrontierState state,
      Optional<FrameKey> last,
      boolean done) {
    this.identity = identity;
    this.structure = Map.copyOf(structure);
    this.state = state;
    this.last = last;
    this.done = done;
  }

  /**
   * How far a file is.
   *
   * @param known how far it was
   * @param endless whether a scan that is finished goes on
   */
  static FileProgress of(FollowedFile file, Optional<FileProgress> known, boolean endless) {
    FrontierState state = file.state();
    boolean ended = file.complete() || (!endless && file.finished() && file.late() == 0);
    Optional<FrameKey> last =
        known.isPresent() && known.get().state().equals(state)
            ? known.get().last()
            : file.lastKey();
    return new FileProgress(file.identity(), file.structure(), state, last, ended);
  }

  /** The same file, followed to another state. */
  FileProgress at(FrontierState other, boolean ended) {
    return new FileProgress(identity, structure, other, last, ended);
  }

  /**
   * Checks that a file is the one that was followed.
   *
   * @throws ArrayException {@code SCAN_CHANGED}
   */
  void requireSame(FollowedFile file) throws IOException {
    Optional<String> made = Optional.ofNullable(file.structure().get(FollowedFile.MADE));
    requireSame(file.file(), file.identity(), made);
    structure.forEach(
        (name, before) -> {
          String now = file.structure().getOrDefault(name, before);
          if (!now.equals(before) && !name.equals(FollowedFile.MADE)) {
            throw changed(file.file(), name + " is now " + now + ", and was " + before);
          }
        });
    if (last.isPresent()) {
      // A frame that is taken again has a greater key.
      long now = file.key(last.get().frame());
      if (now < last.get().key()) {
        throw changed(
            file.file(),
            "the key of frame "
                + last.get().frame()
                + " is "
                + now
                + ", and was "
                + last.get().key());
      }
    }
  }

  /**
   * As {@link #requireSame(FollowedFile)}, for a file that isn't open.
   *
   * @param made when it was made, if that is known
   */
  void requireSame(String file, String now, Optional<String> made) {
    if (!now.equals(identity)) {
      throw changed(file, "another file has its name now (" + now + ", it was " + identity + ")");
    }
    String before = structure.get(FollowedFile.MADE);
    if (before != null && made.isPresent() && !made.get().equals(before)) {
      throw changed(
          file,
          "another file has its name now (made " + made.get() + ", it was made " + before + ")");
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
