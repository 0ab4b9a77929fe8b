// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.hdf5.library.DatasetCreation;
import io.sparkarrays.hdf5.library.MappedSource;
import io.sparkarrays.hdf5.virtual.DataspaceSelection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a virtual data set is to be made of: parts of it, and the sources whose elements they show.
 * Both sides are taken in C order, so that their shapes may differ if their sizes do not. What is
 * mapped twice is as it was mapped last; what is not mapped is the fill value.
 */
public final class VirtualLayout {

  private record Mapped(Region target, VirtualSource source) {}

  private final ValueType type;
  private final Shape shape;
  private final long[] maxDims;
  private final boolean limitsGiven;
  private final List<Mapped> mapped = new ArrayList<>();

  /** A layout that grows as far as unlimited sources do. */
  public VirtualLayout(ValueType type, Shape shape) {
    this(type, shape, shape.dims(), false);
  }

  /**
   * @param maxDims the greatest extents, -1 without a limit
   */
  public VirtualLayout(ValueType type, Shape shape, long... maxDims) {
    // Limits that don't fit the shape are refused there.
    this(type, shape, DatasetCreation.of(type, shape).maxDims(maxDims).maxDims(), true);
  }

  private VirtualLayout(ValueType type, Shape shape, long[] maxDims, boolean limitsGiven) {
    this.type = type;
    this.shape = shape;
    this.maxDims = maxDims;
    this.limitsGiven = limitsGiven;
  }

  /** What an element is. */
  public ValueType type() {
    return type;
  }

  /** The extents. */
  public Shape shape() {
    return shape;
  }

  /** Has slices show the elements of a source; none stands for all. */
  public VirtualLayout map(VirtualSource source, Slice... slices) {
    return map(Region.of(List.of(slices), shape), source);
  }

  /** Has a part show the elements of a source. */
  public VirtualLayout map(Hyperslab slab, VirtualSource source) {
    return map(Region.of(Slice.of(slab), shape), source);
  }

  /** Has the part that Python's brackets choose, as {@code "0, :U"}, show a source's elements. */
  public VirtualLayout map(String slices, VirtualSource source) {
    return map(Region.of(Slice.parse(slices), shape), source);
  }

  /** Has what an index of the first dimension stands for show the elements of a source. */
  public VirtualLayout map(long index, VirtualSource source) {
    return map(Region.of(List.of(Slice.at(index)), shape), source);
  }

  private VirtualLayout map(Region target, VirtualSource source) {
    Region from = source.region();
    boolean grows = target.unlimitedAxis() >= 0;
    if (source.isSeries()) {
      if (!grows || from.unlimitedAxis() >= 0) {
        throw invalid(target, source, "a series needs a part without a limit, of whole sources");
      }
    } else if (grows != from.unlimitedAxis() >= 0) {
      throw invalid(target, source, "one side grows and the other does not");
    }
    if (target.size() != from.size()) {
      String each = grows ? " in each step" : "";
      throw invalid(
          target, source, target.size() + " elements" + each + " can't show " + from.size());
    }
    if (target.size() == 0) {
      throw invalid(target, source, "there are no elements");
    }
    if (grows && !source.isSeries() && !target.extents().equals(from.extents())) {
      // Elements would change their places with each step.
      throw invalid(target, source, "what grows has other dimensions before or behind it");
    }
    if (grows) {
      grow(target, source);
    }
    if (source.type().isPresent() && !Conversions.exists(source.type().get(), type)) {
      throw invalid(target, source, source.type().get() + " does not become " + type);
    }
    mapped.add(new Mapped(target, source));
    return this;
  }

  private void grow(Region target, VirtualSource source) {
    int axis = target.unlimitedAxis();
    if (limitsGiven && maxDims[axis] >= 0) {
      throw invalid(target, source, "it grows, but dimension " + axis + " has a limit");
    }
    maxDims[axis] = DataspaceSelection.UNLIMITED;
  }

  private ArrayException invalid(Region target, VirtualSource source, String problem) {
    return new ArrayException(
        ErrorCode.VDS_MAPPING_INVALID,
        "mapping " + mapped.size() + ", " + target + " from " + source,
        problem,
        "Both sides must have the same number of elements; to grow, both need :UNLIMITED (U), and"
            + " the virtual data set no limit there");
  }

  /** The number of mappings. */
  public int size() {
    return mapped.size();
  }

  DatasetCreation creation() {
    boolean grows = !Arrays.equals(maxDims, shape.dims());
    DatasetCreation creation = DatasetCreation.of(type, shape).utf8(charsets());
    return grows ? creation.maxDims(maxDims) : creation;
  }

  /** Those of the first source of the same type that tells them. */
  private List<Boolean> charsets() {
    return mapped.stream()
        .map(Mapped::source)
        .filter(source -> source.type().equals(Optional.of(type)) && !source.charsets().isEmpty())
        .findFirst()
        .map(VirtualSource::charsets)
        .orElse(List.of());
  }

  /** What is stored of the mappings in a file at a place. */
  List<MappedSource> sources(Path place) {
    List<MappedSource> sources = new ArrayList<>();
    for (Mapped one : mapped) {
      VirtualSource source = one.source();
      sources.add(
          new MappedSource(source.mapping(place, one.target().selection()), source.extents()));
    }
    return sources;
  }

  /** Type, extents, and how much is mapped. */
  @Override
  public String toString() {
    return type + " " + shape + " of " + mapped.size() + " sources";
  }
}
