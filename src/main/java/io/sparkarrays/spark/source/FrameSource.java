// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

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

  /** Whether files are stored in chunks, which cursors then count. */
  default boolean chunked() {
    return false;
  }

  /** What a task needs to read a range. */
  FrameOpener opener();
}
