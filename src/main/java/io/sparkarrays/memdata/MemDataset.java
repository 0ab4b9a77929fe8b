// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import io.sparkarrays.core.NdArray;
import io.sparkarrays.core.Shape;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A data set of a tree in memory: all of it here, or spread over a cluster. A handle: those of one
 * data set share elements, attributes and settings.
 */
public abstract class MemDataset implements BaseDataset {

  private final Place place;

  protected MemDataset(Place place) {
    this.place = place;
  }

  protected final Place place() {
    return place;
  }

  /** A handle at another place that shares the elements. */
  protected abstract MemDataset at(Place other);

  /** A data set at a place with a copy of the elements. */
  protected abstract MemDataset copyAt(Place other);

  /** All elements, here; those of a data set in memory are its own. */
  public abstract NdArray gather();

  /** The dimension along which it is spread, if it is. */
  public OptionalInt axis() {
    return OptionalInt.empty();
  }

  /** The extents of its largest block, if it is spread. */
  public Optional<Shape> blockShape() {
    return Optional.empty();
  }

  /** Another handle of this data set. */
  public final MemDataset view() {
    return at(place);
  }

  /** A data set of the same name with copies of elements, attributes and settings. */
  public final MemDataset copy() {
    return copyAt(place.copy());
  }

  /** The path in its tree; empty if it stands in none. */
  @Override
  public final String name() {
    return place.name();
  }

  /** The group that it is in. */
  @Override
  public final MemGroup parent() {
    return new MemGroup(tree(), Paths.parent(name()));
  }

  @Override
  public final MemGroup file() {
    return new MemGroup(tree(), Paths.ROOT);
  }

  private StorageRoot tree() {
    if (place.root() == null) {
      throw new IllegalStateException("the data set stands in no tree");
    }
    return place.root();
  }

  @Override
  public final MemAttrs attrs() {
    return place.attrs();
  }

  @Override
  public final Optional<Shape> chunks() {
    return Optional.ofNullable(place.chunks());
  }

  /**
   * Wants chunks in files, no longer than the data set; null for none.
   *
   * @throws IllegalArgumentException if the rank differs
   */
  public final void chunks(Shape chunk) {
    if (chunk == null) {
      place.chunks(null);
      return;
    }
    if (chunk.rank() != shape().rank()) {
      throw new IllegalArgumentException("chunks of " + chunk + " in " + shape());
    }
    long[] dims = chunk.dims();
    for (int axis = 0; axis < dims.length; axis++) {
      dims[axis] = Math.max(1, Math.min(dims[axis], shape().dim(axis)));
    }
    place.chunks(Shape.of(dims));
  }

  @Override
  public final Optional<Compression> compression() {
    return Optional.ofNullable(place.compression());
  }

  /** Wants compression in files; null for none. */
  public final void compression(Compression how) {
    place.compression(how);
  }

  /** Whether elements are equal; both are of one class. */
  protected abstract boolean sameElements(MemDataset other);

  /** Same kind, tree and path, equal attributes, settings and elements, where NaN is NaN. */
  @Override
  public final boolean equals(Object other) {
    return other instanceof MemDataset that
        && getClass() == that.getClass()
        && Objects.equals(place.root(), that.place.root())
        && name().equals(that.name())
        && attrs().equals(that.attrs())
        && chunks().equals(that.chunks())
        && compression().equals(that.compression())
        && type().equals(that.type())
        && shape().equals(that.shape())
        && sameElements(that);
  }

  @Override
  public final int hashCode() {
    return Objects.hash(name(), type(), shape());
  }

  @Override
  public final String toString() {
    return (name().isEmpty() ? "data set" : name()) + " " + type() + " " + shape();
  }
}
