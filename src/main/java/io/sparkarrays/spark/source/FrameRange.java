// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

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
 */
public record FrameRange(
    String file,
    long from,
    long to,
    int partition,
    boolean present,
    List<String> hosts,
    List<Long> coords,
    long unit)
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
    this(file, from, to, partition, present, hosts, coords, 1);
  }

  /** This range, with frames that are stored together. */
  public FrameRange inUnits(long frames) {
    return new FrameRange(file, from, to, partition, present, hosts, coords, frames);
  }

  /** This range, as seen by a task that is best run on some hosts. */
  public FrameRange on(List<String> some) {
    return some.equals(hosts)
        ? this
        : new FrameRange(file, from, to, partition, present, some, coords, unit);
  }

  /** Number of frames. */
  public long frames() {
    return to - from;
  }
}
