// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.swmr;

import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.core.Shape;
import java.io.IOException;
import java.util.List;

/** The keys of several writers that take turns. */
final class InterleavedKeys implements KeySource {

  private final List<KeySource> sources;
  private final Turns turns;

  InterleavedKeys(List<KeySource> sources, long block) {
    this.sources = List.copyOf(sources);
    this.turns = new Turns(sources.size(), block);
    for (KeySource source : sources) {
      ScanShapes.requireRank(1, source.maxshape().length, source);
    }
  }

  @Override
  public void refresh() throws IOException {
    for (KeySource source : sources) {
      source.refresh();
    }
  }

  private long extent(int writer) {
    return sources.get(writer).scan().dim(0);
  }

  /** As far as no writer lacks room for its frames. */
  @Override
  public Shape scan() {
    long end = Long.MAX_VALUE;
    for (int writer = 0; writer < sources.size(); writer++) {
      end = Math.min(end, turns.index(writer, extent(writer)));
    }
    return Shape.of(end);
  }

  @Override
  public long[] maxshape() {
    long sum = 0;
    for (KeySource source : sources) {
      long max = source.maxshape()[0];
      sum = max < 0 || sum < 0 ? -1 : sum + max;
    }
    return new long[] {sum};
  }

  @Override
  public long firstUnset(long from, long end) throws IOException {
    long first = end;
    for (int writer = 0; writer < sources.size(); writer++) {
      long own = turns.count(writer, first);
      long unset = sources.get(writer).firstUnset(turns.count(writer, from), own);
      first = unset < own ? turns.index(writer, unset) : first;
    }
    return first;
  }

  @Override
  public FrameIntervals set(long from, long end) throws IOException {
    FrameIntervals all = FrameIntervals.EMPTY;
    for (int writer = 0; writer < sources.size(); writer++) {
      long first = turns.count(writer, from);
      FrameIntervals own = sources.get(writer).set(first, turns.count(writer, end));
      FrameIntervals.Builder builder = new FrameIntervals.Builder();
      for (int i = 0; i < own.size(); i++) {
        for (long at = own.from(i); at < own.to(i); at++) {
          long index = turns.index(writer, at);
          builder.add(index, index + 1);
        }
      }
      all = all.union(builder.build());
    }
    return all;
  }

  @Override
  public long key(long index) throws IOException {
    return sources.get(turns.writer(index)).key(turns.offset(index));
  }

  @Override
  public String toString() {
    return sources.toString();
  }
}
