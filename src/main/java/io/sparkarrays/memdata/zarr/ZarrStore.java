// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata.zarr;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import java.util.SortedSet;

/** Small files by key, parts of which are separated by slashes. */
interface ZarrStore extends Closeable {

  /** What messages call the store. */
  String name();

  /** A file's content, if there is one. */
  Optional<byte[]> get(String key) throws IOException;

  /** Whether there is a file of the key. */
  boolean contains(String key) throws IOException;

  /** Writes a file, whole or not at all. */
  void put(String key, byte[] content) throws IOException;

  /** The first parts of the keys below a prefix, which is empty or ends with a slash. */
  SortedSet<String> names(String prefix) throws IOException;

  /** Removes all that is below a prefix. */
  void deleteAll(String prefix) throws IOException;

  @Override
  void close() throws IOException;
}
