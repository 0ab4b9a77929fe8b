// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Index;
import io.sparkarrays.core.IndexedSlab;
import io.sparkarrays.core.NdArray;
import io.sparkarrays.hdf5.Attribute;
import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.hdf5.Group;
import io.sparkarrays.hdf5.Hdf5File;
import io.sparkarrays.hdf5.Hdf5Object;
import io.sparkarrays.hdf5.filter.FilterSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An HDF5 file. It is read by our own reader and written through the HDF Group's library, which
 * need not be there for reading; a file that is changed is handed over between the two.
 */
final class Hdf5Backend implements Backend {

  private static final int DEFLATE = 1;

  private final Path path;

  /** Null if the file is open for reading only. */
  private final Hdf5Changes changes;

  /** Null while it is being written. */
  private Hdf5File reader;

  private Hdf5Backend(Path path, Hdf5Changes changes) {
    this.path = path;
    this.changes = changes;
  }

  static Backend open(Path path, boolean creates, boolean writable) throws IOException {
    Hdf5Backend backend = new Hdf5Backend(path, writable ? Hdf5Changes.open(path, creates) : null);
    boolean opened = false;
    try {
      if (!creates) {
        backend.reader();
      }
      opened = true;
      return backend;
    } finally {
      if (!opened) {
        backend.close();
      }
    }
  }

  private Hdf5File reader() throws IOException {
    if (reader == null) {
      if (changes != null) {
        changes.settle();
      }
      reader = Hdf5File.open(path);
    }
    return reader;
  }

  /** The file to be changed, which nobody reads meanwhile. */
  private Hdf5Changes change() throws IOException {
    if (reader != null) {
      reader.close();
      reader = null;
    }
    return changes;
  }

  @Override
  public FileFormat format() {
    return FileFormat.HDF5;
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public boolean writable() {
    return changes != null;
  }

  private Optional<Hdf5Object> find(String absolute) throws IOException {
    Hdf5Object at = reader().root();
    // Step by step: to the reader '.' is a way, here it is a name like others.
    for (String name : Paths.parts(absolute)) {
      Optional<Hdf5Object> next =
          at instanceof Group group && group.names().contains(name)
              ? group.find(name)
              : Optional.empty();
      if (next.isEmpty()) {
        return next;
      }
      at = next.get();
    }
    return Optional.of(at);
  }

  @Override
  public Kind kind(String absolute) throws IOException {
    if (reader == null && changes != null) {
      Optional<Kind> known = changes.kind(absolute);
      if (known.isPresent()) {
        return known.get();
      }
    }
    Hdf5Object found = find(absolute).orElse(null);
    return found instanceof Group
        ? Kind.GROUP
        : found instanceof Dataset ? Kind.DATASET : Kind.NOTHING;
  }

  @Override
  public List<String> names(String group) throws IOException {
    Group found = (Group) find(group).orElseThrow();
    List<String> names = new java.util.ArrayList<>();
    for (String name : found.names()) {
      // Named datatypes are no part of a container.
      if (!(found.find(name).orElse(null) instanceof io.sparkarrays.hdf5.NamedDatatype)) {
        names.add(name);
      }
    }
    return names;
  }

  @Override
  public void createGroup(String absolute) throws IOException {
    change().createGroup(absolute);
  }

  @Override
  public void createDataset(String absolute, Description description) throws IOException {
    change().createDataset(absolute, description);
  }

  @Override
  public void delete(String absolute) throws IOException {
    change().delete(absolute);
  }

  private Dataset dataset(String absolute) throws IOException {
    Dataset dataset = (Dataset) find(absolute).orElseThrow();
    if (dataset.isNull()) {
      throw new ArrayException(
          ErrorCode.OPERATION_UNSUPPORTED,
          dataset,
          "it has no elements by definition, which containers have no place for",
          "Remove it, or give it a shape");
    }
    return dataset;
  }

  @Override
  public Description describe(String absolute) throws IOException {
    if (reader == null && changes != null) {
      Optional<Description> known = changes.description(absolute);
      if (known.isPresent()) {
        return known.get();
      }
    }
    Dataset dataset = dataset(absolute);
    return new Description(
        Hdf5Values.type(dataset),
        dataset.shape(),
        dataset.chunk().orElse(null),
        compression(dataset.filters()));
  }

  private static Compression compression(List<FilterSpec> filters) {
    Compression found = null;
    for (FilterSpec filter : filters) {
      if (filter.id() == DEFLATE) {
        found = Compression.gzip(Math.min(9, filter.parameter(0)));
      } else if (filter.id() >= 4) {
        found = Compression.UNKNOWN;
      }
    }
    return found;
  }

  @Override
  public NdArray read(String absolute, List<Index> indices) throws IOException {
    Dataset dataset = dataset(absolute);
    IndexedSlab wanted = IndexedSlab.of(dataset.shape(), indices);
    return Hdf5Values.read(dataset, wanted.slab()).get(wanted.inside());
  }

  @Override
  public void write(String absolute, NdArray source, List<Index> indices) throws IOException {
    Description description = describe(absolute);
    boolean listed = indices.stream().anyMatch(Index.Positions.class::isInstance);
    IndexedSlab wanted = IndexedSlab.of(description.shape(), indices);
    NdArray content =
        listed
            // What lies between listed positions stays as it is.
            ? Hdf5Values.read(dataset(absolute), wanted.slab())
            : NdArray.zeros(description.type(), wanted.slab().shape());
    content.put(source, wanted.inside());
    change().write(absolute, description.type(), wanted.slab(), content);
  }

  @Override
  public Map<String, Object> attributes(String absolute) throws IOException {
    Map<String, Object> values = new LinkedHashMap<>();
    if (reader == null && changes != null && changes.hasNoAttributes(absolute)) {
      return values;
    }
    for (Attribute attribute : find(absolute).orElseThrow().attributes()) {
      values.put(attribute.name(), Hdf5Values.value(attribute));
    }
    return values;
  }

  @Override
  public void setAttributes(String absolute, Map<String, Object> changed) throws IOException {
    change().setAttributes(absolute, changed);
  }

  @Override
  public void removeAttribute(String absolute, String name) throws IOException {
    change().removeAttribute(absolute, name);
  }

  @Override
  public void flush() throws IOException {
    if (changes != null) {
      changes.settle();
    }
  }

  @Override
  public void close() throws IOException {
    try {
      if (reader != null) {
        reader.close();
      }
    } finally {
      if (changes != null) {
        changes.close();
      }
    }
  }
}
