// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5.write;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparkarrays.core.Shape;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a result is made of, beside its parts: what a later write needs to add to it. Each commit
 * writes a new one, which the result's file names. Immutable.
 *
 * @param version of the manifest's form
 * @param epochs the last epoch of each stream that wrote here
 * @param tables arrays that have one scan, and the parts that hold their frames
 * @param retired parts of the result before, which readers may still have open
 */
record ResultManifest(
    int version, SortedMap<String, Long> epochs, List<Table> tables, List<String> retired) {

  /** The form that is written. */
  static final int VERSION = 1;

  /** Nothing. */
  static final ResultManifest EMPTY =
      new ResultManifest(VERSION, new TreeMap<>(), List.of(), List.of());

  /** Makes lists of what a file may lack. */
  ResultManifest {
    epochs = epochs == null ? new TreeMap<>() : new TreeMap<>(epochs);
    tables = tables == null ? List.of() : List.copyOf(tables);
    retired = retired == null ? List.of() : List.copyOf(retired);
  }

  /**
   * Arrays of one scan.
   *
   * @param file the file that all rows are of, if that is known
   * @param arrays the arrays
   * @param scan the scan's shape; null if it is as long as the last frame needs
   * @param parts where frames are
   * @param description what is told of it
   */
  record Table(
      String file, List<Array> arrays, long[] scan, List<Part> parts, Description description) {
    List<String> paths() {
      return arrays.stream().map(Array::path).toList();
    }

    Table with(List<Array> others, List<Part> more) {
      return new Table(file, others, scan, List.copyOf(more), description);
    }

    /** The scan's shape: as it was given, else as long as the last frame needs. */
    Shape shape() {
      if (scan != null) {
        return Shape.of(scan);
      }
      long[] frames = {0};
      parts.forEach(
          part ->
              part.frames()
                  .forEach((frame, row, count) -> frames[0] = Math.max(frames[0], frame + count)));
      return Shape.of(frames[0]);
    }
  }

  /**
   * What is told of arrays.
   *
   * @param attributes values by object and name
   * @param dims names of the scan's dimensions; empty for none
   * @param nexus whether there are NeXus classes
   */
  record Description(
      Map<String, Map<String, JsonNode>> attributes, List<String> dims, boolean nexus) {}

  /**
   * An array.
   *
   * @param path where it is in the result and in its parts
   * @param type its elements, as {@link TypeNames} writes them
   * @param frame the shape of one frame
   * @param fill the number that frames without a row have
   * @param chunks extents of chunks, as the user gave them
   * @param compression how chunks are compressed
   */
  record Array(
      String path, JsonNode type, long[] frame, double fill, long[] chunks, String compression) {}

  /**
   * A file that holds frames.
   *
   * @param name its name in the parts' folder
   * @param rows how many it has
   * @param runs which they are, as {@link FrameRuns}
   */
  record Part(String name, long rows, long[] runs) {
    FrameRuns frames() {
      return FrameRuns.of(runs);
    }
  }

  /** The files that it is made of. */
  List<String> parts() {
    return tables.stream().flatMap(t -> t.parts().stream()).map(Part::name).distinct().toList();
  }

  /** As it is, after an epoch of a stream. */
  ResultManifest with(String query, long epoch) {
    TreeMap<String, Long> all = new TreeMap<>(epochs);
    all.put(query, epoch);
    return new ResultManifest(version, all, tables, retired);
  }

  /** As it is, with other tables. */
  ResultManifest with(List<Table> others, List<String> old) {
    return new ResultManifest(version, epochs, others, old);
  }

  /** Whether a stream has published an epoch. */
  boolean has(String query, long epoch) {
    return epochs.getOrDefault(query, -1L) >= epoch;
  }
}
