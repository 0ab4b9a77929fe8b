// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.source.FrameColumn;
import io.sparkarrays.spark.source.FrameFiles;
import io.sparkarrays.spark.source.FrameOpener;
import io.sparkarrays.spark.source.FrameRange;
import io.sparkarrays.spark.source.FrameSource;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A data set of which only the structure is asked: files of equally many frames of bytes.
 *
 * @param scan its scan; a multiple of the files
 */
record PlainSource(Shape scan, int count, Shape frame) implements FrameSource {

  @Override
  public String description() {
    return "plain";
  }

  @Override
  public List<String> dims() {
    return IntStream.range(0, scan.rank()).mapToObj(axis -> "scan_" + axis).toList();
  }

  @Override
  public List<FrameColumn> columns() {
    return List.of(new FrameColumn("frame", Dtype.parse("uint8"), frame, "frame"));
  }

  @Override
  public FrameFiles files() {
    long each = scan.size() / count;
    return new FrameFiles(
        IntStream.range(0, count)
            .mapToObj(
                i -> new FrameRange("/data/" + i, i * each, (i + 1) * each, i, true, List.of()))
            .toList(),
        Collections.emptySortedSet(),
        Collections.emptySortedSet());
  }

  @Override
  public FrameOpener opener() {
    throw new UnsupportedOperationException();
  }
}
