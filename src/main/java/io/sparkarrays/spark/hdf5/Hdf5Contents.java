// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.hdf5.Group;
import io.sparkarrays.hdf5.Hdf5Object;
import io.sparkarrays.hdf5.ValueTypes;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.source.FileContents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Groups and data sets of HDF5 files, as a catalog shows them; attributes are properties. */
final class Hdf5Contents implements FileContents {

  private static final long SCALAR = -1;
  private static final long UNKNOWN = -2;

  @Override
  public boolean isFile(Path path) {
    return Files.isRegularFile(path)
        || (!Files.exists(path) && !Hdf5Paths.find(List.of(path.toString())).isEmpty());
  }

  @Override
  public boolean isListed(Path file) {
    return Hdf5Paths.isNamedAsOne(file);
  }

  @Override
  public Optional<Entry> entry(ReadOptions options, List<String> names) throws IOException {
    String path = "/" + String.join("/", names);
    String file = options.path();
    String first = Hdf5Paths.require(options.paths()).get(0);
    try (KeptFiles.Use use = KeptFiles.open(first, FileAccess.of(options))) {
      Optional<Hdf5Object> found = use.file().root().find(path);
      if (found.isEmpty()) {
        return Optional.empty();
      }
      Map<String, String> properties = properties(found.get(), file, path);
      if (found.get() instanceof Group group) {
        return Optional.of(group(file, names.isEmpty() ? "" : path, group, properties));
      }
      return found.get() instanceof Dataset dataset
          ? Optional.of(dataset(file, path, dataset, properties))
          : Optional.empty();
    } catch (ArrayException e) {
      if (e.code() == ErrorCode.HDF5_OBJECT_MISSING) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static Map<String, String> properties(Hdf5Object object, String file, String path)
      throws IOException {
    Map<String, String> properties = new LinkedHashMap<>();
    ColumnAttributes.of(object).forEach((name, value) -> properties.put(name, value.toString()));
    properties.put("provider", "hdf5");
    properties.put("external", "true");
    properties.put("location", file + (path.equals("/") ? "" : path));
    return properties;
  }

  /** A group with data sets of one scan is a table too; the file itself is what it is read as. */
  private static Entry group(String file, String path, Group group, Map<String, String> properties)
      throws IOException {
    List<String> groups = new ArrayList<>();
    Map<String, Dataset> arrays = new LinkedHashMap<>();
    for (String name : group.names()) {
      Hdf5Object child = FoundDatasets.find(group, name).orElse(null);
      if (child instanceof Group) {
        groups.add(name);
      } else if (child instanceof Dataset dataset) {
        arrays.put(name, dataset);
      }
    }
    Map<String, String> options = new LinkedHashMap<>();
    options.put("path", file);
    if (!path.isEmpty()) {
      options.put(
          "datasets",
          arrays.keySet().stream()
              .map(name -> "`" + path + "/" + name + "`")
              .collect(Collectors.joining(",")));
    }
    Set<Long> lengths = new HashSet<>();
    arrays.values().forEach(array -> lengths.add(length(array)));
    boolean table = path.isEmpty() || (lengths.size() == 1 && !lengths.contains(UNKNOWN));
    return new Entry(
        groups,
        List.copyOf(arrays.keySet()),
        properties,
        table ? Optional.of(options) : Optional.empty(),
        true);
  }

  /** The first extent. One that can't be told, as sources are missing, must not hide the others. */
  private static long length(Dataset array) {
    try {
      return array.shape().rank() == 0 ? SCALAR : array.shape().dim(0);
    } catch (ArrayException e) {
      return UNKNOWN;
    }
  }

  private static Entry dataset(
      String file, String path, Dataset dataset, Map<String, String> properties) {
    ValueType type = ValueTypes.of(dataset.datatype());
    // An attribute of such a name says more than we do.
    properties.putIfAbsent("shape", dataset.shape().toString());
    properties.putIfAbsent("dtype", type.toString());
    dataset.chunk().ifPresent(chunk -> properties.putIfAbsent("chunks", chunk.toString()));
    if (!dataset.filters().isEmpty()) {
      properties.putIfAbsent(
          "filters",
          dataset.filters().stream()
              .map(filter -> filter.name().isEmpty() ? "filter " + filter.id() : filter.name())
              .collect(Collectors.joining(", ")));
    }
    Map<String, String> options = new LinkedHashMap<>();
    options.put("path", file);
    options.put("dataset", path);
    if (type instanceof ValueType.Compound && dataset.shape().rank() == 1) {
      options.put("records", "columns");
    }
    return new Entry(List.of(), List.of(), properties, Optional.of(options), false);
  }
}
