// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.hdf5.Group;
import io.sparkarrays.hdf5.Hdf5Object;
import io.sparkarrays.hdf5.ValueTypes;
import io.sparkarrays.spark.hadoop.HadoopFiles;
import io.sparkarrays.spark.hadoop.HadoopPaths;
import io.sparkarrays.spark.hadoop.HadoopSettings;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.source.FileContents;
import io.sparkarrays.spark.source.FileGlob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/** Groups and data sets of HDF5 files, as a catalog shows them; attributes are properties. */
final class Hdf5Contents implements FileContents {

  private static final long SCALAR = -1;
  private static final long UNKNOWN = -2;

  /** Groups of more members are not looked through to list a group that they are in. */
  private static final int MOST_ASKED = 256;

  @Override
  public Kind kind(String path) throws IOException {
    if (!HadoopPaths.isUri(path)) {
      Path local = Path.of(path);
      return Files.isDirectory(local)
          ? Kind.FOLDER
          : Files.isRegularFile(local) || (!Files.exists(local) && !matches(path).isEmpty())
              ? Kind.FILE
              : Kind.NOTHING;
    }
    Optional<HadoopFiles.Found> found = remote().find(path);
    if (found.isPresent()) {
      return found.get().isFolder() ? Kind.FOLDER : Kind.FILE;
    }
    return matches(path).isEmpty() ? Kind.NOTHING : Kind.FILE;
  }

  private static HadoopFiles remote() {
    return new HadoopFiles(HadoopSettings.of(SparkSession.active()));
  }

  private static List<String> matches(String path) {
    return HadoopPaths.isUri(path)
        ? Hdf5Paths.find(List.of(path), HadoopSettings.of(SparkSession.active()))
        : Hdf5Paths.find(List.of(path));
  }

  @Override
  public List<String> list(String folder) throws IOException {
    if (HadoopPaths.isUri(folder)) {
      return remote().list(folder).stream()
          .filter(found -> !FileGlob.isHidden(found.uri()))
          .filter(found -> found.isFolder() || Hdf5Paths.isNamedAsOne(found.uri()))
          .map(found -> HadoopPaths.name(found.uri()))
          .sorted()
          .toList();
    }
    try (Stream<Path> children = Files.list(Path.of(folder))) {
      return children
          .filter(child -> !FileGlob.isHidden(child))
          .filter(child -> Files.isDirectory(child) || Hdf5Paths.isNamedAsOne(child))
          .map(child -> child.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  @Override
  public Optional<Entry> entry(ReadOptions options, List<String> names) throws IOException {
    String path = "/" + String.join("/", names);
    String file = options.path();
    FileAccess access = FileAccess.of(options);
    String first = Hdf5Paths.require(options.paths(), access.hadoop()).get(0);
    try (KeptFiles.Use use = KeptFiles.open(first, access)) {
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
    Map<String, Group> groups = new LinkedHashMap<>();
    Map<String, Dataset> arrays = new LinkedHashMap<>();
    members(group, groups, arrays);
    List<String> tables = new ArrayList<>(arrays.keySet());
    for (Map.Entry<String, Group> child : groups.entrySet()) {
      if (groups.size() <= MOST_ASKED && isListed(child.getValue())) {
        tables.add(child.getKey());
      }
    }
    Collections.sort(tables);
    Map<String, String> options = new LinkedHashMap<>();
    options.put("path", file);
    if (!path.isEmpty()) {
      options.put(
          "datasets",
          arrays.keySet().stream()
              .map(name -> "`" + path + "/" + name + "`")
              .collect(Collectors.joining(",")));
    }
    Set<Long> lengths = lengths(arrays);
    boolean table = path.isEmpty() || (lengths.size() == 1 && !lengths.contains(UNKNOWN));
    return new Entry(
        List.copyOf(groups.keySet()),
        tables,
        properties,
        table ? Optional.of(options) : Optional.empty(),
        true);
  }

  private static void members(Group group, Map<String, Group> groups, Map<String, Dataset> arrays)
      throws IOException {
    for (String name : group.names()) {
      Hdf5Object child = FoundDatasets.find(group, name).orElse(null);
      if (child instanceof Group below) {
        groups.put(name, below);
      } else if (child instanceof Dataset dataset) {
        arrays.put(name, dataset);
      }
    }
  }

  /** Whether a group is shown as a table: more than what its data sets are by themselves. */
  private static boolean isListed(Group group) throws IOException {
    if (group.names().size() > MOST_ASKED) {
      return false;
    }
    Map<String, Dataset> arrays = new LinkedHashMap<>();
    members(group, new LinkedHashMap<>(), arrays);
    Set<Long> lengths = lengths(arrays);
    return arrays.size() > 1 && lengths.size() == 1 && lengths.iterator().next() >= 0;
  }

  private static Set<Long> lengths(Map<String, Dataset> arrays) {
    return arrays.values().stream().map(Hdf5Contents::length).collect(Collectors.toSet());
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
