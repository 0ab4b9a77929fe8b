// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5.write;

import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.hdf5.Hdf5Writer;
import io.sparkarrays.hdf5.VirtualLayout;
import io.sparkarrays.hdf5.VirtualSource;
import java.util.Arrays;

/**
 * Writes the file that readers open: virtual data sets over the parts, and what is told of them.
 */
final class ResultMaster {

  private final ResultFiles files;
  private final ResultManifest manifest;

  ResultMaster(ResultFiles files, ResultManifest manifest) {
    this.files = files;
    this.manifest = manifest;
  }

  void write(Hdf5Writer writer, String manifestName) {
    for (ResultManifest.Table table : manifest.tables()) {
      Shape scan = table.shape();
      for (ResultManifest.Array array : table.arrays()) {
        virtual(writer, table, array, scan);
      }
    }
    for (ResultManifest.Table table : manifest.tables()) {
      ResultDescription.write(writer, table);
    }
    writer.attribute("/", ResultFiles.MANIFEST, manifestName);
  }

  private void virtual(
      Hdf5Writer writer, ResultManifest.Table table, ResultManifest.Array array, Shape scan) {
    ValueType type = TypeNames.parse(array.type());
    Shape frame = Shape.of(array.frame());
    VirtualLayout layout = new VirtualLayout(type, scan.concat(frame));
    for (ResultManifest.Part part : table.parts()) {
      VirtualSource source =
          VirtualSource.of(
              files.source(part.name()), array.path(), Shape.of(part.rows()).concat(frame));
      part.frames()
          .forEach(
              (first, row, count) ->
                  RunBoxes.forEach(
                      scan,
                      first,
                      first + count,
                      (start, extents, at, frames) ->
                          layout.map(
                              whole(start, extents, frame),
                              source.slice(
                                  whole(
                                      new long[] {row + at - first},
                                      new long[] {frames},
                                      frame)))));
    }
    byte[] fill = FillValues.element(type, array.fill());
    for (byte bits : fill) {
      if (bits != 0) {
        writer.createVirtualDataset(array.path(), layout, number(type, array.fill()));
        return;
      }
    }
    writer.createVirtualDataset(array.path(), layout);
  }

  /** A fill value as the library takes it. */
  private static Object number(ValueType type, double fill) {
    boolean whole = type instanceof ValueType.Plain plain && plain.dtype().type().kind() != 'f';
    return whole && fill == Math.rint(fill) ? (Object) (long) fill : (Object) fill;
  }

  /** A box of the scan, and all of each frame. */
  static Hyperslab whole(long[] start, long[] count, Shape frame) {
    long[] from = Arrays.copyOf(start, start.length + frame.rank());
    long[] many = Arrays.copyOf(count, from.length);
    System.arraycopy(frame.dims(), 0, many, count.length, frame.rank());
    return Hyperslab.of(from, many);
  }
}
