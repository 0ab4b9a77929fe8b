// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.NdArray;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.hdf5.Hdf5Writer;
import io.sparkarrays.hdf5.library.DatasetCreation;
import io.sparkarrays.hdf5.library.DatasetWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An HDF5 file that is being changed. The library has it open from the first change until somebody
 * wants to read; what was made meanwhile is remembered, so that making much needs no reading.
 */
final class Hdf5Changes implements Closeable {

  private static final int CHUNK_BYTES = 1 << 20;

  /** The files that this process changes; a second writer would damage them. */
  private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

  /** What was made, with a data set's description; a group's is empty. */
  private final Map<String, Optional<Backend.Description>> made = new HashMap<>();

  /** What has attributes of those. */
  private final Set<String> attributed = new TreeSet<>();

  private final Path path;
  private final Path registered;

  /** Whether all that the file holds was made here. */
  private boolean complete;

  /** Null while the file is read. */
  private Hdf5Writer writer;

  private Hdf5Changes(Path path, Path registered) {
    this.path = path;
    this.registered = registered;
  }

  static Hdf5Changes open(Path path, boolean creates) throws IOException {
    Path registered = path.toAbsolutePath().normalize();
    if (!OPEN.add(registered)) {
      throw new ArrayException(
          ErrorCode.FILE_LOCKED,
          path,
          "it is open for writing already",
          "Close it there, or open it for reading");
    }
    Hdf5Changes changes = new Hdf5Changes(path, registered);
    boolean opened = false;
    try {
      if (creates) {
        Files.deleteIfExists(path);
        changes.writer = Hdf5Writer.create(path);
        changes.made.put(Paths.ROOT, Optional.empty());
        changes.complete = true;
      }
      opened = true;
      return changes;
    } finally {
      if (!opened) {
        OPEN.remove(registered);
      }
    }
  }

  private Hdf5Writer writer() {
    if (writer == null) {
      writer = Hdf5Writer.open(path);
    }
    return writer;
  }

  /** Closes the file, so that it can be read. */
  void settle() {
    if (writer != null) {
      Hdf5Writer open = writer;
      writer = null;
      open.close();
    }
  }

  /** What is at a path; empty if only a reader knows. */
  Optional<Backend.Kind> kind(String absolute) {
    Optional<Backend.Description> known = made.get(absolute);
    if (known != null) {
      return Optional.of(known.isPresent() ? Backend.Kind.DATASET : Backend.Kind.GROUP);
    }
    return complete ? Optional.of(Backend.Kind.NOTHING) : Optional.empty();
  }

  Optional<Backend.Description> description(String absolute) {
    return made.getOrDefault(absolute, Optional.empty());
  }

  boolean hasNoAttributes(String absolute) {
    return made.containsKey(absolute) && !attributed.contains(absolute);
  }

  void createGroup(String absolute) {
    writer().createGroup(absolute);
    made.put(absolute, Optional.empty());
  }

  void createDataset(String absolute, Backend.Description wanted) {
    DatasetCreation creation = DatasetCreation.of(stored(wanted.type()), wanted.shape());
    Shape chunks = wanted.chunks();
    // HDF5 filters no references to elements that stand elsewhere.
    boolean filtered = !NdArray.holdsObjects(wanted.type());
    Compression how = filtered ? wanted.compression() : null;
    if (chunks == null && how != null && wanted.shape().rank() > 0) {
      chunks = guessed(wanted.shape(), wanted.type().size());
    }
    boolean chunked = chunks != null && chunks.rank() > 0;
    if (chunked) {
      creation = creation.chunk(chunks);
    }
    if (how != null && chunked) {
      if (!how.filter().equals(Compression.GZIP)) {
        throw new ArrayException(
            ErrorCode.UNSUPPORTED_FILTER,
            path + ", " + absolute,
            "'" + how.filter() + "' is not written to HDF5 files here",
            "Use gzip, or write to Zarr");
      }
      creation = creation.gzip(how.level());
    }
    writer().createDataset(absolute, creation).close();
    Backend.Description description =
        new Backend.Description(wanted.type(), wanted.shape(), chunked ? chunks : null, how);
    made.put(absolute, Optional.of(description));
  }

  /** The type as the writer takes it: its texts of any length are numbers of runs. */
  private static ValueType stored(ValueType type) {
    return type instanceof ValueType.VariableText ? DatasetCreation.TEXT : type;
  }

  /** Halves the longest dimension until a chunk has about a mebibyte. */
  private static Shape guessed(Shape shape, int elementSize) {
    long[] dims = shape.dims();
    for (int axis = 0; axis < dims.length; axis++) {
      dims[axis] = Math.max(1, dims[axis]);
    }
    while (Shape.of(dims).size() * elementSize > CHUNK_BYTES) {
      int longest = 0;
      for (int axis = 1; axis < dims.length; axis++) {
        longest = dims[axis] > dims[longest] ? axis : longest;
      }
      if (dims[longest] == 1) {
        break;
      }
      dims[longest] = (dims[longest] + 1) / 2;
    }
    return Shape.of(dims);
  }

  void delete(String absolute) {
    writer().delete(absolute);
    made.keySet().removeIf(p -> p.equals(absolute) || p.startsWith(absolute + Paths.ROOT));
    attributed.removeIf(p -> p.equals(absolute) || p.startsWith(absolute + Paths.ROOT));
  }

  void write(String absolute, ValueType type, Hyperslab slab, NdArray content) throws IOException {
    if (slab.shape().size() == 0) {
      return;
    }
    try (DatasetWriter dataset = writer().dataset(absolute, stored(type))) {
      if (type instanceof ValueType.VariableText) {
        dataset.writeText(
            slab, content.values().stream().map(v -> v == null ? "" : v.toString()).toList());
      } else if (content.holdsObjects()) {
        throw new ArrayException(
            ErrorCode.DTYPE_UNSUPPORTED,
            path + ", " + absolute,
            "elements of type " + type + " are not written to HDF5 files here",
            "Use numbers, texts or records of a fixed size");
      } else {
        dataset.write(slab, content.bytes());
      }
    }
  }

  void setAttributes(String absolute, Map<String, Object> changed) {
    for (Map.Entry<String, Object> attribute : changed.entrySet()) {
      Hdf5AttributeWrite.write(writer(), absolute, attribute.getKey(), attribute.getValue());
    }
    attributed.add(absolute);
  }

  void removeAttribute(String absolute, String name) {
    writer().deleteAttribute(absolute, name);
  }

  @Override
  public void close() {
    try {
      settle();
    } finally {
      OPEN.remove(registered);
    }
  }
}
