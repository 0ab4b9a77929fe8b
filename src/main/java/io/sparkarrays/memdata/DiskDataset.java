// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import io.sparkarrays.core.Index;
import io.sparkarrays.core.NdArray;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A data set in a file. */
final class DiskDataset implements BaseDataset {

  private final Backend backend;
  private final String path;
  private final Backend.Description description;

  DiskDataset(Backend backend, String path) {
    this.backend = backend;
    this.path = path;
    this.description = Disk.get(backend, path, () -> backend.describe(path));
  }

  @Override
  public String name() {
    return path;
  }

  @Override
  public BaseGroup parent() {
    return new DiskGroup(backend, Paths.parent(path));
  }

  @Override
  public BaseGroup file() {
    return new DiskGroup(backend, Paths.ROOT);
  }

  @Override
  public Map<String, Object> attrs() {
    return new DiskAttrs(backend, path);
  }

  @Override
  public ValueType type() {
    return description.type();
  }

  @Override
  public Shape shape() {
    return description.shape();
  }

  @Override
  public Optional<Shape> chunks() {
    return Optional.ofNullable(description.chunks());
  }

  @Override
  public Optional<Compression> compression() {
    return Optional.ofNullable(description.compression());
  }

  @Override
  public NdArray read(List<Index> indices) {
    return Disk.get(backend, path, () -> backend.read(path, indices));
  }

  @Override
  public void write(NdArray source, List<Index> indices) {
    Disk.run(backend, path, () -> backend.write(path, source, indices));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DiskDataset that && backend == that.backend && path.equals(that.path);
  }

  @Override
  public int hashCode() {
    return path.hashCode();
  }

  @Override
  public String toString() {
    return backend.path() + ", " + path;
  }
}
