// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.swmr;

import io.sparkarrays.core.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The part of a scan that a frame was taken from: a slice for each dimension of the scan.
 *
 * @param slices outermost first
 */
public record SliceMetadata(List<Slice> slices) {

  /** Makes the list the record's own. */
  public SliceMetadata {
    slices = List.copyOf(slices);
  }

  /** The slices of one scan point. */
  public static SliceMetadata at(long... position) {
    List<Slice> slices = new ArrayList<>();
    for (long at : position) {
      slices.add(Slice.of(at));
    }
    return new SliceMetadata(slices);
  }

  /** The row, along the scan's last dimension, that an index lies in. */
  public static SliceMetadata row(long index, Shape scan) {
    List<Slice> slices = new ArrayList<>(at(ScanPosition.raster(index, scan)).slices());
    int last = slices.size() - 1;
    slices.set(last, new Slice(0, scan.dim(last)));
    return new SliceMetadata(slices);
  }

  /** Number of dimensions. */
  public int rank() {
    return slices.size();
  }

  /** The first position in each dimension. */
  public long[] position() {
    return slices.stream().mapToLong(Slice::start).toArray();
  }

  /**
   * The same for a scan over a grid whose results were stacked along the first dimension: that
   * becomes the dimensions of the grid, and the others stay.
   *
   * @param grid the shape of the scan
   * @param snake whether every other row was scanned backwards
   */
  public SliceMetadata onGrid(Shape grid, boolean snake) {
    long index = slices.get(0).start();
    long[] position = snake ? ScanPosition.snake(index, grid) : ScanPosition.raster(index, grid);
    List<Slice> all = new ArrayList<>(at(position).slices());
    all.addAll(slices.subList(1, slices.size()));
    return new SliceMetadata(all);
  }

  /** As Python prints a tuple of slices. */
  @Override
  public String toString() {
    return slices.stream()
        .map(Slice::toString)
        .collect(Collectors.joining(", ", "(", slices.size() == 1 ? ",)" : ")"));
  }
}
