// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A group in a file, which stays open until one of its groups is closed. */
public final class DiskGroup implements BaseGroup, Closeable {

  private final Backend backend;
  private final String path;

  DiskGroup(Backend backend, String path) {
    this.backend = backend;
    this.path = path;
  }

  /** The file's format. */
  public FileFormat format() {
    return backend.format();
  }

  /** Where the file is. */
  public Path filename() {
    return backend.path();
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
  public String mode() {
    return backend.writable() ? "r+" : "r";
  }

  @Override
  public List<String> names() {
    return Disk.get(backend, path, () -> backend.names(path));
  }

  private Backend.Kind kind(String absolute) {
    return Disk.get(backend, absolute, () -> backend.kind(absolute));
  }

  @Override
  public Optional<Node> find(String wanted) {
    String absolute = Paths.join(path, wanted);
    return switch (kind(absolute)) {
      case NOTHING -> Optional.empty();
      case GROUP -> Optional.of(new DiskGroup(backend, absolute));
      case DATASET -> Optional.of(new DiskDataset(backend, absolute));
    };
  }

  private void checkWritable() {
    if (!backend.writable()) {
      throw new ArrayException(
          ErrorCode.OPERATION_UNSUPPORTED,
          this,
          "the file is open for reading only",
          "Open it in a mode that writes: r+, a or w");
    }
  }

  private void checkNew(String absolute) {
    if (kind(absolute) != Backend.Kind.NOTHING) {
      throw MemGroup.exists(backend.path().toString(), absolute);
    }
  }

  @Override
  public BaseGroup createGroup(String wanted) {
    checkWritable();
    String absolute = Paths.join(path, wanted);
    checkNew(absolute);
    makeGroups(absolute);
    return new DiskGroup(backend, absolute);
  }

  private void makeGroups(String absolute) {
    switch (kind(absolute)) {
      case GROUP -> {}
      case DATASET -> throw MemGroup.inTheWay(backend.path().toString(), absolute);
      case NOTHING -> {
        makeGroups(Paths.parent(absolute));
        Disk.run(backend, absolute, () -> backend.createGroup(absolute));
      }
    }
  }

  @Override
  public BaseDataset createDataset(String wanted, DatasetSpec spec) {
    checkWritable();
    String absolute = Paths.ofNew(path, wanted);
    if (spec.axis() != null || spec.source() != null) {
      throw new ArrayException(
          ErrorCode.OPERATION_UNSUPPORTED,
          absolute,
          "an open file takes no data set that is spread over a cluster",
          "Make it in memory, and write that to a file");
    }
    makeGroups(Paths.parent(absolute));
    checkNew(absolute);
    Backend.Description description =
        new Backend.Description(
            spec.finalType(), spec.finalShape(absolute), spec.chunks(), spec.compression());
    Disk.run(backend, absolute, () -> backend.createDataset(absolute, description));
    BaseDataset made = new DiskDataset(backend, absolute);
    if (spec.data() != null) {
      made.write(spec.finalData(absolute));
    }
    return made;
  }

  @Override
  public void remove(String wanted) {
    checkWritable();
    String absolute = Paths.join(path, wanted);
    if (absolute.equals(Paths.ROOT) || kind(absolute) == Backend.Kind.NOTHING) {
      throw missing(wanted);
    }
    Disk.run(backend, absolute, () -> backend.delete(absolute));
  }

  /** Has the file hold what was written so far. */
  public void flush() {
    Disk.run(backend, path, backend::flush);
  }

  /** Closes the file. */
  @Override
  public void close() throws IOException {
    backend.close();
  }

  /** Equal to handles of the same open file and path. */
  @Override
  public boolean equals(Object other) {
    return other instanceof DiskGroup that && backend == that.backend && path.equals(that.path);
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
