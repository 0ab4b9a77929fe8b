// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import io.sparkarrays.core.Index;
import io.sparkarrays.core.NdArray;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A container's file of some format. Paths are absolute and in order. */
interface Backend extends Closeable {

  /** What is at a path. */
  enum Kind {
    NOTHING,
    GROUP,
    DATASET
  }

  /** What is known of a data set. */
  record Description(ValueType type, Shape shape, Shape chunks, Compression compression) {}

  FileFormat format();

  Path path();

  boolean writable();

  Kind kind(String path) throws IOException;

  /** The names in a group. */
  List<String> names(String group) throws IOException;

  /** Makes a group where nothing is; the groups above it are there. */
  void createGroup(String path) throws IOException;

  /** Makes a data set where nothing is; the groups above it are there. */
  void createDataset(String path, Description description) throws IOException;

  void delete(String path) throws IOException;

  Description describe(String dataset) throws IOException;

  NdArray read(String dataset, List<Index> indices) throws IOException;

  void write(String dataset, NdArray source, List<Index> indices) throws IOException;

  /** The attributes of a group or data set. */
  Map<String, Object> attributes(String path) throws IOException;

  /** Sets attributes; others stay. */
  void setAttributes(String path, Map<String, Object> changed) throws IOException;

  void removeAttribute(String path, String name) throws IOException;

  void flush() throws IOException;
}
