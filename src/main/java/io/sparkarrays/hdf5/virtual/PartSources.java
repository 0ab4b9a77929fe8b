// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.virtual;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** The sources of a plan's parts, and what was worked out of them. Threads share it. */
final class PartSources {

  private final VirtualPlan plan;
  private final SourceArrays sources;
  private final List<SourcePart> parts;
  private final AtomicReferenceArray<Known> known;
  private final Set<Integer> absent = ConcurrentHashMap.newKeySet();

  /** What was worked out for a part, for a source of a shape. */
  private record Known(Shape shape, List<GridPair> pairs) {}

  PartSources(VirtualPlan plan, SourceArrays sources) {
    this.plan = plan;
    this.sources = sources;
    this.parts = plan.parts();
    this.known = new AtomicReferenceArray<>(parts.size());
  }

  /** A part's source; where sources are awaited, one without what is mapped is not there yet. */
  Optional<SourceArrays.Lease> find(int number) throws IOException {
    SourcePart part = parts.get(number);
    Optional<SourceArrays.Lease> source = sources.open(part.file(), part.dataset());
    if (source.isEmpty() || plan.access().missing() != VirtualAccess.Missing.AWAIT) {
      return source;
    }
    boolean fits = false;
    try {
      fits = !pairs(number, source.get().array().shape()).isEmpty();
    } catch (ArrayException e) {
      if (e.code() != ErrorCode.VDS_SOURCE_UNUSABLE) {
        throw e;
      }
    } finally {
      if (!fits) {
        source.get().close();
      }
    }
    return fits ? source : Optional.empty();
  }

  /** A part's source; empty if it is missing and shall be filled. */
  Optional<SourceArrays.Lease> open(int number) throws IOException {
    boolean fail = plan.access().missing() == VirtualAccess.Missing.FAIL;
    if (!fail && absent.contains(number)) {
      return Optional.empty();
    }
    Optional<SourceArrays.Lease> source = find(number);
    if (source.isEmpty()) {
      if (fail) {
        SourcePart part = parts.get(number);
        throw missing(plan, part, sources.candidates(part.file()));
      }
      absent.add(number);
    }
    return source;
  }

  static ArrayException missing(Object where, SourcePart part, List<String> tried) {
    return new ArrayException(
        ErrorCode.VDS_SOURCE_MISSING,
        where,
        part + " is not there (looked at " + String.join(", ", tried) + ")",
        "Bring the source there, set HDF5_VDS_PREFIX to its folder, or have missing ones filled"
            + " with missing = fill");
  }

  /** Which elements of a part's source, which has a shape, stand for which. */
  List<GridPair> pairs(int number, Shape shape) {
    Known now = known.get(number);
    if (now == null || !now.shape().equals(shape)) {
      now = new Known(shape, parts.get(number).pairs(shape));
      known.set(number, now);
    }
    return now.pairs();
  }

  /** Pairs of a part's elements and any others, to find where they are in a request. */
  List<GridPair> target(int number) {
    List<GridPair> pairs = new ArrayList<>();
    for (ElementGrid grid : parts.get(number).target()) {
      long[] dims = new long[grid.rank()];
      Arrays.setAll(dims, axis -> grid.axis(axis).length());
      pairs.add(new GridPair(grid, ElementGrid.all(Shape.of(dims))));
    }
    return pairs;
  }
}
