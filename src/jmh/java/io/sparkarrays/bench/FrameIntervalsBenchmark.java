// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.bench;

import io.sparkarrays.core.FrameIntervals;
import java.util.BitSet;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Sets of frames of a scan of 16 million, in few or many intervals; the peer is the intersection of
 * two bit sets.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FrameIntervalsBenchmark {

  private static final int FRAMES = 1 << 24;

  /** How many intervals a set has. */
  @Param({"100", "100000"})
  public int intervals;

  private FrameIntervals left;
  private FrameIntervals right;
  private long[] indexes;
  private BitSet leftBits;
  private BitSet rightBits;

  /** Makes two random sets. */
  @Setup(Level.Trial)
  public void make() {
    Random random = new Random(1);
    left = set(random);
    right = set(random);
    leftBits = bits(left);
    rightBits = bits(right);
    indexes = random.longs(intervals, 0, FRAMES).toArray();
  }

  private FrameIntervals set(Random random) {
    FrameIntervals.Builder set = new FrameIntervals.Builder();
    int period = FRAMES / intervals;
    for (int i = 0; i < intervals; i++) {
      long from = (long) i * period + random.nextInt(period / 4);
      set.add(from, from + 1 + random.nextInt(period / 2));
    }
    return set.build();
  }

  private static BitSet bits(FrameIntervals set) {
    BitSet bits = new BitSet(FRAMES);
    for (int i = 0; i < set.size(); i++) {
      bits.set((int) set.from(i), (int) set.to(i));
    }
    return bits;
  }

  /** The frames of both. */
  @Benchmark
  public FrameIntervals intersect() {
    return left.intersect(right);
  }

  /** The frames of either. */
  @Benchmark
  public FrameIntervals union() {
    return left.union(right);
  }

  /** All other frames. */
  @Benchmark
  public FrameIntervals complement() {
    return left.complement(FRAMES);
  }

  /** The frames of an unsorted list, as {@code IN} has it. */
  @Benchmark
  public FrameIntervals ofIndexes() {
    return FrameIntervals.ofIndexes(indexes);
  }

  /** The frames of both, as bits. */
  @Benchmark
  public BitSet peer() {
    BitSet both = (BitSet) leftBits.clone();
    both.and(rightBits);
    return both;
  }
}
