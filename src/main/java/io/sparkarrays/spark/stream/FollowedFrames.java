// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.stream;

import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.source.FollowedFile;
import io.sparkarrays.spark.source.FrameColumn;
import io.sparkarrays.spark.source.FrameFiles;
import io.sparkarrays.spark.source.FrameOpener;
import io.sparkarrays.spark.source.FrameRange;
import io.sparkarrays.spark.source.FrameSource;
import io.sparkarrays.spark.source.Scans;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** A data set as far as one batch of a stream needs it: the files that have frames in the batch. */
final class FollowedFrames implements FrameSource {

  private final FrameSource table;
  private final FrameOpener opener;
  private final Scans scans;
  private final List<FrameRange> ranges = new ArrayList<>();

  /**
   * @param table the data set as it was found first
   * @param opener opens files that grow
   * @param files the files in the order of their rows
   * @param together so many frames belong together, counted from each file's first: tasks had
   *     better not share them
   */
  FollowedFrames(FrameSource table, FrameOpener opener, List<FollowedFile> files, long together) {
    this.table = table;
    this.opener = opener;
    this.scans = Scans.of(files.stream().map(FollowedFile::scan).toList());
    for (int i = 0; i < files.size(); i++) {
      for (FrameRange range : files.get(i).ranges(scans.first(i), i)) {
        // Where chunks and wholes do not fit, chunks matter more: each task would decode them.
        boolean fits = together % range.unit() == 0 && range.from() == scans.first(i);
        ranges.add(fits ? range.inUnits(together) : range);
      }
    }
  }

  @Override
  public String description() {
    return table.description();
  }

  @Override
  public String dataset() {
    return table.dataset();
  }

  @Override
  public Shape scan() {
    return scans.shape(0);
  }

  @Override
  public Scans scans() {
    return scans;
  }

  @Override
  public List<String> dims() {
    return table.dims();
  }

  @Override
  public List<FrameColumn> columns() {
    return table.columns();
  }

  @Override
  public Map<String, Object> attributes(FrameColumn column) {
    return table.attributes(column);
  }

  @Override
  public FrameFiles files() {
    return new FrameFiles(ranges, new TreeSet<>(), new TreeSet<>());
  }

  @Override
  public boolean chunked() {
    return table.chunked();
  }

  @Override
  public FrameOpener opener() {
    return opener;
  }
}
