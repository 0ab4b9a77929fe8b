// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5.write;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.TempFile;
import io.sparkarrays.hdf5.Attribute;
import io.sparkarrays.hdf5.Hdf5File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Where a result and its parts are: {@code result.h5}, which all readers open, and beside it the
 * folder {@code result.h5.parts} with the parts and the manifest that the result names.
 */
final class ResultFiles {

  /** The root attribute of a result that names its manifest. */
  static final String MANIFEST = "spark_arrays_manifest";

  /** The file of parts that tells of epochs that the result does not show yet. */
  static final String WAITING = "waiting.json";

  private static final String SUFFIX = ".parts";

  /** What this package makes in the folder of parts; anything else there is the user's. */
  private static final Pattern OURS =
      Pattern.compile(
          "part-.*[.]h5|epoch-.*[.]h5|folded-.*[.]h5|manifest-.*[.]json|waiting[.]json");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path result;
  private final Path parts;

  ResultFiles(Path result) {
    this.result = result;
    this.parts = result.resolveSibling(result.getFileName() + SUFFIX);
  }

  Path result() {
    return result;
  }

  Path parts() {
    return parts;
  }

  /** The name by which a result leads to its part. */
  String source(String part) {
    return parts.getFileName() + "/" + part;
  }

  /** Whether something has the result's name. */
  boolean exists() {
    return Files.exists(result);
  }

  /** The name of the result's manifest; empty if it is not made of parts, or not there. */
  Optional<String> manifestName() throws IOException {
    if (!Files.isRegularFile(result)) {
      return Optional.empty();
    }
    try (Hdf5File file = Hdf5File.open(result)) {
      Optional<Attribute> attribute = file.root().attributes().find(MANIFEST);
      return attribute.isEmpty()
          ? Optional.empty()
          : Optional.of(String.valueOf(attribute.get().value()));
    } catch (ArrayException e) {
      if (e.code() == ErrorCode.NOT_A_DATA_SET || e.code() == ErrorCode.HDF5_DAMAGED) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** What the result is made of. */
  ResultState state() throws IOException {
    Optional<String> name = manifestName();
    if (name.isEmpty()) {
      return new ResultState(name, ResultManifest.EMPTY, Optional.empty());
    }
    ResultManifest shown = manifest(name.get());
    Path path = parts.resolve(WAITING);
    if (!Files.exists(path)) {
      return new ResultState(name, shown, Optional.empty());
    }
    ResultState.Waiting waiting = read(path, ResultState.Waiting.class);
    boolean current = waiting.base().equals(name.get());
    return new ResultState(name, shown, current ? Optional.of(waiting) : Optional.empty());
  }

  /**
   * Reads a manifest.
   *
   * @throws ArrayException {@code PART_MISSING}, {@code FILE_DAMAGED}
   */
  ResultManifest manifest(String name) throws IOException {
    Path path = parts.resolve(name);
    ResultManifest manifest = read(path, ResultManifest.class);
    if (manifest.version() > ResultManifest.VERSION) {
      throw new ArrayException(
          ErrorCode.FILE_DAMAGED,
          path,
          "its form " + manifest.version() + " is of a later spark-arrays",
          "Write with that one, or overwrite the result");
    }
    return manifest;
  }

  private <T> T read(Path path, Class<T> type) throws IOException {
    try {
      return JSON.readValue(Files.readAllBytes(path), type);
    } catch (NoSuchFileException e) {
      throw new ArrayException(
          ErrorCode.PART_MISSING,
          path,
          "the result " + result + " names it, but it is gone",
          "Keep a result and the folder of its parts together, or overwrite the result",
          e);
    } catch (JsonProcessingException e) {
      throw new ArrayException(
          ErrorCode.FILE_DAMAGED,
          path,
          "it is no manifest: " + e.getOriginalMessage(),
          "Overwrite the result",
          e);
    }
  }

  /** Writes a manifest, durably, under a name that nothing leads to yet. */
  String write(ResultManifest manifest) throws IOException {
    String name = "manifest-" + UUID.randomUUID() + ".json";
    write(name, manifest, false);
    return name;
  }

  /** Writes what epochs added, durably, in the place of what earlier ones did. */
  void write(ResultState.Waiting waiting) throws IOException {
    write(WAITING, waiting, true);
  }

  private void write(String name, Object content, boolean replace) throws IOException {
    try (TempFile file = TempFile.create(parts, name)) {
      ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(content));
      while (bytes.hasRemaining()) {
        file.channel().write(bytes);
      }
      file.publish(parts.resolve(name), replace);
    }
    TempFile.sync(parts);
  }

  /**
   * Removes what no result leads to; the caller holds the lock.
   *
   * @param retired whether also the parts of the result before, which readers may have open
   */
  void sweep(boolean retired) throws IOException {
    if (!Files.isDirectory(parts)) {
      return;
    }
    ResultState state = state();
    Set<String> needed = state.parts();
    state.name().ifPresent(needed::add);
    state.waiting().ifPresent(waiting -> needed.add(WAITING));
    needed.addAll(retired ? List.of() : state.shown().retired());
    keep(needed);
  }

  /** Removes of what this package makes all but these, and the folder with the last of it. */
  void keep(Set<String> needed) throws IOException {
    TempFile.removeStale(parts);
    List<String> orphans = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(parts)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (OURS.matcher(name).matches() && !needed.contains(name)) {
          orphans.add(name);
        }
      }
    } catch (NoSuchFileException e) {
      return;
    }
    remove(orphans);
    if (needed.isEmpty()) {
      Files.deleteIfExists(parts.resolve(CommitLock.NAME));
      try {
        Files.deleteIfExists(parts);
      } catch (DirectoryNotEmptyException e) {
        // The rest is the user's.
        return;
      }
    }
  }

  /** Removes files of the folder. */
  void remove(Collection<String> names) throws IOException {
    for (String name : names) {
      Files.deleteIfExists(parts.resolve(name));
    }
  }
}
