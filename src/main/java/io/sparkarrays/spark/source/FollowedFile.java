// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

import io.sparkarrays.core.FrontierState;
import io.sparkarrays.core.Shape;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** One scan of a file that is being written, as the driver follows it. Used by one thread. */
public interface FollowedFile extends Closeable {

  /** Where {@link #structure} tells when the file was made. */
  String MADE = "made";

  /** The file's absolute path. */
  String file();

  /** Which file it is: another one under its name has another identity. */
  String identity();

  /**
   * What must stay the same for its frames to keep their numbers and types: texts by the name of
   * what they tell.
   */
  Map<String, String> structure();

  /**
   * Looks at the file once, without waiting.
   *
   * @return whether frames came
   * @throws io.sparkarrays.core.ArrayException {@code SCAN_CHANGED} if the file was replaced, or
   *     its frames have other numbers
   */
  boolean advance(long nanoTime) throws IOException;

  /** How far the scan was found to be written. */
  FrontierState state();

  /** The key of the last frame that was found, if any was. */
  Optional<FrameKey> lastKey();

  /** The key of a frame as the file has it now; zero if there is none. */
  long key(long frame) throws IOException;

  /** The scan's extents as of the last look. */
  Shape scan();

  /** How many frames there can be; nothing where the scan has no limit. */
  OptionalLong most();

  /** Whether a writer has the file open, as the file says now. */
  boolean writing() throws IOException;

  /** How many frames are stored together. */
  long unit();

  /**
   * Where its frames are, as of the last look.
   *
   * @param first the number of its first frame among those of all files
   * @param number its own number
   */
  default List<FrameRange> ranges(long first, int number) {
    FrameRange all = new FrameRange(file(), first, first + scan().size(), number, true, List.of());
    return List.of(all.inUnits(unit()));
  }

  /** Frames with keys, at the frontier, whose data was not there at the last look. */
  long late();

  /** Whether the writer said that the scan is finished, before the last look. */
  boolean finished();

  /** Whether all frames that there can be were found. */
  boolean complete();
}
