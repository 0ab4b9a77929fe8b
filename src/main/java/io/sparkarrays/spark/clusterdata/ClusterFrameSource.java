// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.clusterdata;

import io.sparkarrays.clusterdata.PartitionStructure;
import io.sparkarrays.core.FileByteSource;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.source.FrameColumn;
import io.sparkarrays.spark.source.FrameFiles;
import io.sparkarrays.spark.source.FrameOpener;
import io.sparkarrays.spark.source.FrameRange;
import io.sparkarrays.spark.source.FrameSource;
import io.sparkarrays.spark.source.PlainFrameCursor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A ClusterDataSet as the reading glue sees it: one column, and one range a partition. */
final class ClusterFrameSource implements FrameSource {

  private final String path;
  private final Inventory inventory;
  private final PartitionStructure structure;

  ClusterFrameSource(String path, Inventory inventory) {
    this.path = path;
    this.inventory = inventory;
    this.structure = inventory.structure();
  }

  @Override
  public String description() {
    return "clusterdata " + path;
  }

  @Override
  public Shape scan() {
    return structure.scan();
  }

  @Override
  public List<String> dims() {
    return IntStream.range(0, structure.scan().rank()).mapToObj(axis -> "scan_" + axis).toList();
  }

  @Override
  public List<FrameColumn> columns() {
    return List.of(new FrameColumn("frame", structure.dtype(), structure.frame(), path));
  }

  @Override
  public FrameFiles files() {
    List<FrameRange> ranges = new ArrayList<>(structure.partitions());
    String parts = Path.of(path, "parts") + "/";
    for (int i = 0; i < structure.partitions(); i++) {
      ranges.add(
          new FrameRange(
              parts + structure.fileName(i),
              structure.from(i),
              structure.to(i),
              i,
              inventory.present(i),
              inventory.hosts(i)));
    }
    return new FrameFiles(ranges, inventory.answered(), inventory.silent());
  }

  @Override
  public FrameOpener opener() {
    return (range, columns) ->
        new PlainFrameCursor(
            FileByteSource.open(Path.of(range.file())), 0, range.from(), columns.get(0));
  }
}
