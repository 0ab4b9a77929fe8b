// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.core.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A data set opened on the driver: what columns it has, over what scan, and where its frames are.
 * Metadata is read once, when the source is opened; no frame is.
 *
 * <p>Planning asks on one thread at a time.
 */
public interface FrameSource {

  /** What the data set is called in messages and plans. */
  String description();

  /**
   * The scan that all columns share; rows are its frames in row-major order. The first one, if
   * there are several.
   */
  Shape scan();

  /**
   * The scans that the rows are of. This may open files that were not opened yet; the answer stays
   * the same for the life of this object.
   */
  default Scans scans() {
    return Scans.of(scan());
  }

  /** What metadata column {@code _dataset} tells. */
  default String dataset() {
    return description();
  }

  /** Default names of the scan's dimensions, outermost first, as many as the scan has. */
  List<String> dims();

  /** The columns of frames, in the table's order. */
  List<FrameColumn> columns();

  /**
   * What else is known of a column and goes into its metadata: {@code String}, {@code Long}, {@code
   * Double} and {@code Boolean}, and lists of one of them.
   */
  default Map<String, Object> attributes(FrameColumn column) {
    return Map.of();
  }

  /** Whether a frame has a place in the scan that users know; else it has no index column. */
  default boolean indexed() {
    return true;
  }

  /** The metadata columns; one that tells the same as another is another name for it. */
  default List<MetadataName> metadata() {
    return MetadataName.USUAL;
  }

  /** Whether cursors tell, of frames of a column, where they are stored. */
  default boolean refers(FrameColumn column) {
    return false;
  }

  /** Whether tasks may share a range; else each range is read by one. */
  default boolean divisible() {
    return true;
  }

  /**
   * Where the frames are. This may ask the cluster's hosts; the answer stays the same for the life
   * of this object.
   */
  FrameFiles files();

  /** What is known of the values in each range, if anything is. */
  default Optional<RangeBounds> bounds() {
    return Optional.empty();
  }

  /**
   * The frames of a present range as groups, which tasks share only where they are small: each
   * frame is in one of them. This may ask the cluster's hosts.
   *
   * @param exact whether all frames of a group must be of the same files, which it then names
   */
  default List<FrameGroup> groups(FrameRange range, boolean exact) {
    return List.of(FrameGroup.of(range));
  }

  /**
   * Whether the groups of a range follow each other; else their frames are interleaved.
   *
   * @param exact as in {@link #groups}
   */
  default boolean grouped(boolean exact) {
    return true;
  }

  /**
   * Frames of present ranges that something is missing of that they are made of: option {@code
   * missing} decides what becomes of them. This may ask the cluster's hosts.
   */
  default FrameIntervals incomplete() {
    return FrameIntervals.EMPTY;
  }

  /** The error of reading some of the incomplete frames. */
  default ArrayException incomplete(FrameIntervals wanted) {
    throw new IllegalStateException(wanted + " are complete");
  }

  /** Whether ranges may be made of other files, of which cursors count those that they open. */
  default boolean composed() {
    return false;
  }

  /** Whether files are stored in chunks, which cursors then count. */
  default boolean chunked() {
    return false;
  }

  /** What a task needs to read a range. */
  FrameOpener opener();
}
