// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

import io.sparkarrays.spark.hadoop.HadoopPaths;
import java.io.Serializable;
import java.util.List;

/**
 * A run of frames that one file, or a part of it, holds: the natural unit of splitting and of
 * locality.
 *
 * @param file the file's absolute path or URI
 * @param from its first frame in the scan
 * @param to one past its last frame
 * @param partition the number that the format gives the file or part, from 0; metadata column
 *     {@code _partition}
 * @param present whether any host has it; an absent one is refused, skipped or filled by option
 *     {@code missing}
 * @param hosts the hosts that have it, where only some do; empty when it makes no difference
 * @param coords where its writer stood in the topology of all writers; metadata column {@code
 *     _coords} of formats that know it
 * @param unit how many frames, counted from the first, are stored together, so that tasks had
 *     better not share them; 1 if each is by itself
 * @param sources the files that hold the frames, if these are others and a query names metadata
 *     column {@code _vds_source}; else empty
 */
public record FrameRange(
    String file,
    long from,
    long to,
    int partition,
    boolean present,
    List<String> hosts,
    List<Long> coords,
    long unit,
    String sources)
    implements Serializable {

  /** A range of whose writer nothing is known. */
  public FrameRange(
      String file, long from, long to, int partition, boolean present, List<String> hosts) {
    this(file, from, to, partition, present, hosts, List.of());
  }

  /** A range whose frames are each by themselves. */
  public FrameRange(
      String file,
      long from,
      long to,
      int partition,
      boolean present,
      List<String> hosts,
      List<Long> coords) {
    this(file, from, to, partition, present, hosts, coords, 1, "");
  }

  /** This range, with frames that are stored together. */
  public FrameRange inUnits(long frames) {
    return new FrameRange(file, from, to, partition, present, hosts, coords, frames, sources);
  }

  /** This range as a task sees it that reads frames of a group. */
  public FrameRange of(FrameGroup group) {
    return group.hosts().equals(hosts) && group.sources().equals(sources)
        ? this
        : new FrameRange(
            file, from, to, partition, present, group.hosts(), coords, unit, group.sources());
  }

  /** Whether all hosts read it from one file system, though some may be nearer to it. */
  public boolean isShared() {
    return HadoopPaths.isUri(file);
  }

  /** Number of frames. */
  public long frames() {
    return to - from;
  }
}
