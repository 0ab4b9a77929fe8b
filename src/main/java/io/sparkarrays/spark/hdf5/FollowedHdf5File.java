// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.core.FrontierState;
import io.sparkarrays.core.Shape;
import io.sparkarrays.hdf5.Hdf5File;
import io.sparkarrays.hdf5.WriterStatus;
import io.sparkarrays.spark.source.FollowedFile;
import io.sparkarrays.spark.source.FrameKey;
import io.sparkarrays.swmr.FinishedFlag;
import io.sparkarrays.swmr.Frontier;
import io.sparkarrays.swmr.KeySource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A scan that a writer is writing into an HDF5 file: its {@link Frontier}, and what to check. */
final class FollowedHdf5File implements FollowedFile {

  private final Path path;
  private final String identity;
  private final Hdf5File file;
  private final Map<String, String> structure;
  private final long unit;
  private final List<KeySource> keys;
  private final Frontier frontier;
  private final FinishedFlag flag;
  private final FrontierState start;
  private boolean finished;
  private Optional<FrameKey> lastKey = Optional.empty();

  /**
   * @param file the open file, closed with this
   * @param start where the frontier begins
   */
  FollowedHdf5File(
      Path path,
      String identity,
      Hdf5File file,
      Map<String, String> structure,
      long unit,
      List<KeySource> keys,
      Frontier frontier,
      FinishedFlag flag,
      FrontierState start) {
    this.path = path;
    this.identity = identity;
    this.file = file;
    this.structure = structure;
    this.unit = unit;
    this.keys = keys;
    this.frontier = frontier;
    this.flag = flag;
    this.start = start;
  }

  /**
   * Checks that the last frame that was given of the file is still there.
   *
   * @throws ArrayException {@code SCAN_CHANGED}
   */
  void requireGiven() throws IOException {
    long last = last(start);
    if (last < 0) {
      return;
    }
    for (KeySource key : keys) {
      key.refresh();
      if (last >= key.scan().size() || key.firstUnset(last, last + 1) == last) {
        throw new ArrayException(
            ErrorCode.SCAN_CHANGED,
            path,
            "frame " + last + " was given before, and its key in " + key + " is not set now",
            "The file was replaced or cut: put it back, or begin anew with another checkpoint");
      }
    }
  }

  /** The last frame that a state has; -1 if it has none. */
  private static long last(FrontierState state) {
    FrameIntervals given = state.skipped().complement(state.next());
    return given.isEmpty() ? -1 : given.to(given.size() - 1) - 1;
  }

  @Override
  public Optional<FrameKey> lastKey() {
    return lastKey;
  }

  @Override
  public long key(long frame) throws IOException {
    KeySource first = keys.get(0);
    first.refresh();
    return frame < first.scan().size() ? first.key(frame) : 0;
  }

  @Override
  public String file() {
    return path.toString();
  }

  @Override
  public String identity() {
    return identity;
  }

  @Override
  public Map<String, String> structure() {
    return structure;
  }

  @Override
  public boolean advance(long nanoTime) throws IOException {
    String now = FollowedHdf5.identity(path).orElse("none");
    if (!now.equals(identity)) {
      throw new ArrayException(
          ErrorCode.SCAN_CHANGED,
          path,
          "the file was " + identity + " while it was followed, and now is " + now,
          "Write each scan into a file of its own, or put the file back");
    }
    boolean ended = flag.look();
    boolean moved = hasBegun() && frontier.advance(nanoTime, ended);
    finished = ended;
    if (moved && last(frontier.state()) >= 0) {
      long last = last(frontier.state());
      lastKey = Optional.of(new FrameKey(last, keys.get(0).key(last)));
    }
    return moved;
  }

  /** Whether the scan reaches the first frame that is wanted. */
  private boolean hasBegun() throws IOException {
    if (frontier.scan() != null || start.next() == 0) {
      return true;
    }
    for (KeySource key : keys) {
      key.refresh();
      if (key.scan().size() < start.next()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public FrontierState state() {
    return frontier.state();
  }

  @Override
  public Shape scan() {
    return frontier.scan();
  }

  @Override
  public OptionalLong most() {
    long[] most = frontier.maxshape();
    return Arrays.stream(most).anyMatch(extent -> extent < 0)
        ? OptionalLong.empty()
        : OptionalLong.of(Shape.of(most).size());
  }

  @Override
  public boolean writing() throws IOException {
    return file.currentStatus() != WriterStatus.CLOSED;
  }

  @Override
  public long unit() {
    return unit;
  }

  @Override
  public long late() {
    return frontier.late();
  }

  @Override
  public boolean finished() {
    return finished;
  }

  @Override
  public boolean complete() {
    return frontier.isComplete();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
