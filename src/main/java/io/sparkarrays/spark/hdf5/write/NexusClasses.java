// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5.write;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.hdf5.Hdf5Writer;
import io.sparkarrays.hdf5.library.DatasetCreation;
import io.sparkarrays.spark.hdf5.write.ResultManifest.Array;
import io.sparkarrays.spark.hdf5.write.ResultManifest.Table;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * Makes a NeXus plot of a table: the arrays' group becomes an NXdata with signal and axes, inside
 * an NXentry, and each leads to the next as the default. Arrays that are directly in the entry, or
 * in the root, are linked into a group {@code plot}.
 */
final class NexusClasses {

  private static final String CLASS = "NX_class";
  private static final String DEFAULT = "default";
  private static final String PLOT = "plot";

  /** The entry of arrays that are in none. */
  private static final String ENTRY = "entry";

  private NexusClasses() {}

  static void write(Hdf5Writer writer, Table table, Shape scan) {
    // Frames are the picture; what is one number a point goes along with them.
    List<Array> arrays = new ArrayList<>(table.arrays());
    arrays.sort(Comparator.comparingInt((Array array) -> -array.frame().length));
    String signal = arrays.get(0).path();
    String group = signal.substring(0, signal.lastIndexOf('/'));
    String entry = group.isEmpty() ? "/" + ENTRY : "/" + group.split("/")[1];
    boolean link = group.isEmpty() || group.equals(entry);
    String plot = link ? entry + "/" + PLOT : group;
    writer.createGroup(plot);
    List<String> names = new ArrayList<>();
    for (Array array : arrays) {
      String path = array.path();
      String name = path.substring(path.lastIndexOf('/') + 1);
      boolean inside = path.equals(plot + "/" + name);
      if (!inside && !writer.exists(plot + "/" + name)) {
        writer.softLink(plot + "/" + name, path);
      }
      names.add(name);
    }
    writer.attribute(plot, CLASS, "NXdata");
    writer.attribute(plot, "signal", names.get(0));
    if (names.size() > 1) {
      writer.attribute(plot, "auxiliary_signals", names.subList(1, names.size()));
    }
    writer.attribute(plot, "axes", axes(writer, table, scan, plot, arrays.get(0)));
    lead(writer, entry, plot);
    process(writer, entry + "/spark_arrays");
  }

  /** Names of axes, of which those of the scan are made. */
  private static List<String> axes(
      Hdf5Writer writer, Table table, Shape scan, String plot, Array signal) {
    List<String> axes = new ArrayList<>();
    List<String> dims = table.description().dims();
    for (int axis = 0; axis < scan.rank(); axis++) {
      if (dims.size() != scan.rank()) {
        axes.add(".");
        continue;
      }
      axes.add(dims.get(axis));
      if (!writer.exists(plot + "/" + dims.get(axis)) && scan.dim(axis) > 0) {
        positions(writer, plot + "/" + dims.get(axis), scan.dim(axis));
      }
    }
    axes.addAll(Collections.nCopies(signal.frame().length, "."));
    return axes;
  }

  private static void positions(Hdf5Writer writer, String path, long count) {
    ByteBuffer values =
        ByteBuffer.allocate(Math.toIntExact(Math.multiplyExact(count, (long) Long.BYTES)))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (long i = 0; i < count; i++) {
      values.putLong(i);
    }
    Shape shape = Shape.of(count);
    writer
        .createDataset(
            path, DatasetCreation.of(new ValueType.Plain(Dtype.of(ElementType.INT64)), shape))
        .write(Hyperslab.all(shape), values.flip());
  }

  /** From the root down to the plot. */
  private static void lead(Hdf5Writer writer, String entry, String plot) {
    writer.attribute("/", CLASS, "NXroot");
    writer.attribute("/", DEFAULT, entry.substring(1));
    writer.attribute(entry, CLASS, "NXentry");
    int end = entry.length();
    while (end < plot.length()) {
      String at = plot.substring(0, end);
      int next = plot.indexOf('/', end + 1);
      next = next < 0 ? plot.length() : next;
      writer.attribute(at, DEFAULT, plot.substring(end + 1, next));
      if (end > entry.length()) {
        writer.attribute(at, CLASS, "NXcollection");
      }
      end = next;
    }
  }

  private static void process(Hdf5Writer writer, String path) {
    if (writer.exists(path)) {
      return;
    }
    writer.createGroup(path);
    writer.attribute(path, CLASS, "NXprocess");
    text(writer, path + "/program", "spark-arrays");
    text(writer, path + "/version", ResultDescription.version());
  }

  private static void text(Hdf5Writer writer, String path, String value) {
    writer
        .createDataset(path, DatasetCreation.of(DatasetCreation.TEXT, Shape.of()))
        .writeText(Hyperslab.all(Shape.of()), List.of(value));
  }
}
