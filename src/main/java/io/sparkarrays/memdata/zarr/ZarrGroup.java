// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata.zarr;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FileTree;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A group of a store. The one that was opened closes the store. */
public final class ZarrGroup implements Closeable {

  private static final String GROUP = ".zgroup";
  static final String ARRAY = ".zarray";
  private static final String ATTRIBUTES = ".zattrs";
  private static final byte[] GROUP_CONTENT =
      Json.text(Map.of("zarr_format", 2L)).getBytes(StandardCharsets.UTF_8);

  private final ZarrStore store;
  private final String path;

  private ZarrGroup(ZarrStore store, String path) {
    this.store = store;
    this.path = path;
  }

  /**
   * Opens a folder or an archive.
   *
   * @param writable whether it may be changed, which an archive never may
   * @throws ArrayException {@code PATH_NOT_FOUND}, {@code NOT_A_DATA_SET}
   */
  public static ZarrGroup open(Path path, boolean writable) throws IOException {
    if (!Files.exists(path)) {
      throw new ArrayException(
          ErrorCode.PATH_NOT_FOUND, path, "there is no such file or folder", "Check the path");
    }
    ZarrStore store;
    if (Files.isDirectory(path)) {
      store = new FolderStore(path, writable);
    } else {
      if (writable) {
        throw FolderStore.readOnly(path + ", an archive");
      }
      store = archive(path);
    }
    ZarrGroup root = new ZarrGroup(store, "");
    if (!root.isGroup("")) {
      store.close();
      throw new ArrayException(
          ErrorCode.NOT_A_DATA_SET,
          path,
          "it has no " + GROUP + ", so it is no group of Zarr 2",
          "Name the root of a hierarchy, written as version 2 of the format");
    }
    return root;
  }

  private static ZarrStore archive(Path path) throws IOException {
    try {
      return new ArchiveStore(path);
    } catch (java.util.zip.ZipException e) {
      throw new ArrayException(
          ErrorCode.NOT_A_DATA_SET,
          path,
          "it is no zip archive: " + e.getMessage(),
          "Name a folder or an archive in Zarr's format",
          e);
    }
  }

  /** Makes an empty hierarchy in a folder, which need not be there. */
  public static ZarrGroup create(Path folder) throws IOException {
    FileTree.delete(folder);
    Files.createDirectories(folder);
    ZarrGroup root = new ZarrGroup(new FolderStore(folder, true), "");
    root.store.put(GROUP, GROUP_CONTENT);
    return root;
  }

  /** Packs a hierarchy in a folder into an archive. */
  public static void pack(Path folder, Path archive) throws IOException {
    ArchiveStore.pack(folder, archive);
  }

  private String key(String name) {
    return path.isEmpty() ? name : name.isEmpty() ? path : path + "/" + name;
  }

  private static String file(String path, String name) {
    return path.isEmpty() ? name : path + "/" + name;
  }

  /** The names of the groups and arrays in this group, sorted. */
  public List<String> names() throws IOException {
    List<String> names = new ArrayList<>();
    for (String name : store.names(path.isEmpty() ? "" : path + "/")) {
      if (!name.startsWith(".z") && (isGroup(name) || isArray(name))) {
        names.add(name);
      }
    }
    return names;
  }

  /** Whether a name of this group is a group's. */
  public boolean isGroup(String name) throws IOException {
    return store.contains(file(key(name), GROUP));
  }

  /** Whether a name of this group is an array's. */
  public boolean isArray(String name) throws IOException {
    return store.contains(file(key(name), ARRAY));
  }

  /** A group in this group. */
  public ZarrGroup group(String name) {
    return new ZarrGroup(store, key(name));
  }

  /** An array in this group. */
  public ZarrArray array(String name) throws IOException {
    String key = key(name);
    String where = store.name() + ", /" + key;
    byte[] content =
        store
            .get(file(key, ARRAY))
            .orElseThrow(
                () ->
                    new ArrayException(
                        ErrorCode.NOT_A_DATA_SET, where, "it is no array", "Name an array"));
    return new ZarrArray(store, key, ZarrMetadata.parse(where, content));
  }

  /** Makes a group in this group. */
  public void createGroup(String name) throws IOException {
    store.put(file(key(name), GROUP), GROUP_CONTENT);
  }

  /** Makes an array of elements that were never written. */
  public ZarrArray createArray(String name, ZarrMetadata metadata) throws IOException {
    String key = key(name);
    store.put(file(key, ARRAY), metadata.json(store.name() + ", /" + key));
    return new ZarrArray(store, key, metadata);
  }

  /** Removes a group or an array with all in it. */
  public void delete(String name) throws IOException {
    store.deleteAll(key(name) + "/");
  }

  /** The attributes, as they are stored now. */
  public Map<String, Object> attributes() throws IOException {
    return attributes(store, path);
  }

  /** Replaces all attributes. */
  public void attributes(Map<String, Object> attributes) throws IOException {
    attributes(store, path, attributes);
  }

  static Map<String, Object> attributes(ZarrStore store, String path) throws IOException {
    Optional<byte[]> content = store.get(file(path, ATTRIBUTES));
    Map<String, Object> attributes = new LinkedHashMap<>();
    if (content.isPresent()) {
      try {
        Object json = Json.parse(new String(content.get(), StandardCharsets.UTF_8));
        ((Map<?, ?>) json).forEach((name, value) -> attributes.put((String) name, value));
      } catch (IllegalArgumentException | ClassCastException e) {
        throw new ArrayException(
            ErrorCode.FILE_DAMAGED,
            store.name() + ", /" + path,
            "its " + ATTRIBUTES + " is no JSON object: " + e.getMessage(),
            "Write the attributes again",
            e);
      }
    }
    return attributes;
  }

  static void attributes(ZarrStore store, String path, Map<String, Object> attributes)
      throws IOException {
    store.put(file(path, ATTRIBUTES), Json.text(attributes).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() throws IOException {
    store.close();
  }

  @Override
  public String toString() {
    return store.name() + ", /" + path;
  }
}
