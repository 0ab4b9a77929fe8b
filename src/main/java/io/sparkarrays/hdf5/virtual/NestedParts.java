// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.virtual;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Hyperslab;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Replaces sources that are virtual themselves by what they are made of, so that it is known where
 * bytes are. A part stays as it is, and is read level by level, where that would change what is
 * read: where the source would fill or convert, or has overlaps, or a mapping is taken only partly.
 */
final class NestedParts {

  private final VirtualPlan plan;
  private final SourceArrays sources;

  NestedParts(VirtualPlan plan, SourceArrays sources) {
    this.plan = plan;
    this.sources = sources;
  }

  /**
   * The parts of the plan without virtual sources, as far as that can be. Nothing is opened but the
   * first source, unless that one is virtual.
   */
  List<SourcePart> flattened() {
    List<SourcePart> parts = plan.parts();
    if (parts.isEmpty() || replaced(parts.get(0)).isEmpty()) {
      return parts;
    }
    List<SourcePart> flat = new ArrayList<>();
    for (SourcePart part : parts) {
      Optional<List<SourcePart>> inner = replaced(part);
      if (inner.isPresent()) {
        flat.addAll(inner.get());
      } else {
        flat.add(part);
      }
    }
    return flat;
  }

  private Optional<List<SourcePart>> replaced(SourcePart part) {
    try {
      return inner(part);
    } catch (IOException | ArrayException e) {
      // Who reads its elements is told; those of other sources can be read all the same.
      return Optional.empty();
    }
  }

  private Optional<List<SourcePart>> inner(SourcePart part) throws IOException {
    Optional<SourceArrays.Lease> source = sources.open(part.file(), part.dataset());
    if (source.isEmpty()) {
      return Optional.empty();
    }
    try (SourceArrays.Lease lease = source.get()) {
      SourceArray array = lease.array();
      if (!array.isVirtual() || !array.datatype().equals(plan.datatype())) {
        return Optional.empty();
      }
      VirtualPlan inner = array.locatedPlan().orElseThrow();
      List<SourcePart> parts = new ArrayList<>();
      for (GridPair pair : part.pairs(inner.shape())) {
        if (!replace(part, pair, inner, parts)) {
          return Optional.empty();
        }
      }
      return Optional.of(parts);
    }
  }

  private static boolean replace(
      SourcePart part, GridPair pair, VirtualPlan inner, List<SourcePart> parts)
      throws IOException {
    Optional<Hyperslab> taken = pair.source().asHyperslab();
    if (taken.isEmpty()) {
      return false;
    }
    int[] numbers = inner.index().find(taken.get());
    if (!inner.index().cover(numbers, taken.get())) {
      return false;
    }
    GridPair back = pair.reversed();
    for (int number : numbers) {
      SourcePart one = inner.parts().get(number);
      if (one.common(taken.get()) != one.size()) {
        return false;
      }
      Optional<List<ElementGrid>> grids = image(one, back);
      if (grids.isEmpty()) {
        return false;
      }
      parts.add(one.moved(part.mapping(), grids.get()));
    }
    return true;
  }

  /** Where a part's elements are in the outer data set, in the same order. */
  private static Optional<List<ElementGrid>> image(SourcePart part, GridPair back)
      throws IOException {
    List<ElementGrid> grids = new ArrayList<>();
    for (ElementGrid grid : part.target()) {
      Optional<Hyperslab> elements = grid.asHyperslab();
      if (elements.isEmpty()) {
        return Optional.empty();
      }
      List<CopyStep> steps = new ArrayList<>();
      back.forEachStep(elements.get(), steps::add);
      steps.sort(Comparator.comparingLong(CopyStep::offset));
      for (CopyStep step : steps) {
        if (!step.isContiguous()) {
          return Optional.empty();
        }
        grids.add(ElementGrid.of(step.source()));
      }
    }
    return Optional.of(grids);
  }
}
