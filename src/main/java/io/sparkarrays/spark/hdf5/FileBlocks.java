// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.spark.hadoop.HadoopFiles;
import io.sparkarrays.spark.hadoop.HadoopSettings;
import io.sparkarrays.spark.source.FrameGroup;
import io.sparkarrays.spark.source.FrameRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Which hosts have the blocks of a file. Frames are taken to be in the file in their order and of
 * equal size, which most writers see to: a host that is told wrongly costs a way over the network.
 */
final class FileBlocks {

  private final List<HadoopFiles.Block> blocks;

  FileBlocks(List<HadoopFiles.Block> blocks) {
    this.blocks = blocks;
  }

  /** Asks the file system. */
  static FileBlocks of(String uri, HadoopSettings hadoop) throws IOException {
    return new FileBlocks(new HadoopFiles(hadoop).blocks(uri));
  }

  /** The hosts that have most of the file. */
  List<String> hosts() {
    return hosts(blocks);
  }

  private static List<String> hosts(List<HadoopFiles.Block> some) {
    HostWeights weights = new HostWeights();
    some.forEach(block -> weights.add(block.hosts(), block.to() - block.from()));
    return weights.most();
  }

  /**
   * The groups of a range's frames: those of a block are a group, in whole units. Blocks that
   * follow each other on the same hosts make one.
   */
  List<FrameGroup> groups(FrameRange range) {
    long size = blocks.isEmpty() ? 0 : blocks.get(blocks.size() - 1).to();
    List<FrameGroup> groups = new ArrayList<>();
    long from = range.from();
    for (int i = 0; i < blocks.size(); i++) {
      List<String> hosts = hosts(blocks.subList(i, i + 1));
      boolean last = i + 1 == blocks.size();
      if (!last && hosts.equals(hosts(blocks.subList(i + 1, i + 2)))) {
        continue;
      }
      long to = last ? range.to() : border(range, (double) blocks.get(i).to() / size);
      if (to > from) {
        groups.add(
            new FrameGroup(FrameIntervals.of(from, to), hosts, range.unit(), range.sources()));
        from = to;
      }
    }
    return groups.isEmpty() ? List.of(FrameGroup.of(range)) : groups;
  }

  /** The border of units that is next to a part of the range. */
  private static long border(FrameRange range, double part) {
    long units = Math.round(part * range.frames() / range.unit());
    return Math.min(range.to(), range.from() + units * range.unit());
  }
}
