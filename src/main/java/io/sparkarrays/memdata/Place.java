// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import io.sparkarrays.core.Shape;

/**
 * Where a data set stands in a tree, and what all its handles share beside its elements: attributes
 * and settings.
 */
public final class Place {

  /** What handles share. */
  private static final class Shared {
    private final MemAttrs attrs = new MemAttrs();
    private Shape chunks;
    private Compression compression;
  }

  /** Null for a data set that stands in no tree. */
  private final StorageRoot root;

  private final String name;
  private final Shared shared;

  private Place(StorageRoot root, String name, Shared shared) {
    this.root = root;
    this.name = name;
    this.shared = shared;
  }

  /** No place in any tree, and no attributes yet. */
  public static Place detached() {
    return new Place(null, "", new Shared());
  }

  /** The same attributes and settings at a path of a tree. */
  Place at(StorageRoot tree, String absolute) {
    return new Place(tree, absolute, shared);
  }

  /** The same place and settings, with copies of the attributes. */
  Place copy() {
    Place copy = new Place(root, name, new Shared());
    copy.shared.attrs.putAll(AttributeCopy.deepCopies(shared.attrs));
    copy.shared.chunks = shared.chunks;
    copy.shared.compression = shared.compression;
    return copy;
  }

  StorageRoot root() {
    return root;
  }

  String name() {
    return name;
  }

  MemAttrs attrs() {
    return shared.attrs;
  }

  Shape chunks() {
    return shared.chunks;
  }

  void chunks(Shape chunks) {
    shared.chunks = chunks;
  }

  Compression compression() {
    return shared.compression;
  }

  void compression(Compression compression) {
    shared.compression = compression;
  }
}
