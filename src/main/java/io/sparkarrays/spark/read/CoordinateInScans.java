// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.source.Scans;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongBiFunction;

/** An index column over several scans, in each of which it begins anew. */
final class CoordinateInScans implements IndexColumn {

  private final Scans scans;
  private final List<Coordinate> each = new ArrayList<>();

  CoordinateInScans(Scans scans, Function<Shape, Coordinate> coordinate) {
    this.scans = scans;
    for (int scan = 0; scan < scans.count(); scan++) {
      Coordinate before = scan == 0 ? null : each.get(scan - 1);
      each.add(
          scan > 0 && scans.shape(scan).equals(scans.shape(scan - 1))
              ? before
              : coordinate.apply(scans.shape(scan)));
    }
  }

  @Override
  public long extent() {
    return each.stream().mapToLong(Coordinate::extent).max().orElse(0);
  }

  @Override
  public long pieces() {
    return each.stream().mapToLong(Coordinate::pieces).sum();
  }

  @Override
  public boolean unique() {
    return false;
  }

  @Override
  public Optional<FrameIntervals> frames(FrameIntervals values) {
    if (values.size() * pieces() > MAX_INTERVALS) {
      return Optional.empty();
    }
    FrameIntervals.Builder all = new FrameIntervals.Builder();
    for (int scan = 0; scan < each.size(); scan++) {
      Coordinate coordinate = each.get(scan);
      FrameIntervals frames =
          coordinate.frames(values.within(0, coordinate.extent())).orElseThrow();
      long first = scans.first(scan);
      for (int i = 0; i < frames.size(); i++) {
        all.add(first + frames.from(i), first + frames.to(i));
      }
    }
    return Optional.of(all.build());
  }

  @Override
  public long least(FrameIntervals set) {
    return bound(set, Coordinate::least, false);
  }

  @Override
  public long most(FrameIntervals set) {
    return bound(set, Coordinate::most, true);
  }

  private long bound(
      FrameIntervals set, ToLongBiFunction<Coordinate, FrameIntervals> of, boolean most) {
    long bound = most ? 0 : Long.MAX_VALUE;
    for (int scan = 0; scan < each.size(); scan++) {
      FrameIntervals inside = scans.within(set, scan);
      if (!inside.isEmpty()) {
        long here = of.applyAsLong(each.get(scan), inside);
        bound = most ? Math.max(bound, here) : Math.min(bound, here);
      }
    }
    return bound;
  }
}
