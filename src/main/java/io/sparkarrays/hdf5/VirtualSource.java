// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.hdf5.virtual.DataspaceSelection;
import io.sparkarrays.hdf5.virtual.VirtualMapping;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A data set, or a part of one, that shall be a part of a virtual data set; it need not exist yet.
 * Immutable.
 */
public final class VirtualSource {

  private final SourceName file;
  private final String dataset;
  private final Shape shape;
  private final Optional<ValueType> type;
  private final List<Boolean> charsets;
  private final Optional<long[]> maxDims;
  private final Optional<Region> region;

  private VirtualSource(
      SourceName file,
      String dataset,
      Shape shape,
      Optional<ValueType> type,
      List<Boolean> charsets,
      Optional<long[]> maxDims,
      Optional<Region> region) {
    this.file = file;
    this.dataset = dataset;
    this.shape = shape;
    this.type = type;
    this.charsets = charsets;
    this.maxDims = maxDims;
    this.region = region;
  }

  private VirtualSource(SourceName file, String dataset, Shape shape) {
    this(file, dataset, shape, Optional.empty(), List.of(), Optional.empty(), Optional.empty());
  }

  /**
   * @param file the file's name as it is to be stored: one that is relative is looked for beside
   *     the virtual data set's file, where both are moved together
   * @param dataset the path in it
   * @param shape the extents, of what may grow those of now
   */
  public static VirtualSource of(String file, String dataset, Shape shape) {
    return new VirtualSource(new SourceName.Stored(file), dataset, shape);
  }

  /** The same of a file by its place on this machine, of which a relative name is made if near. */
  public static VirtualSource of(Path file, String dataset, Shape shape) {
    return new VirtualSource(new SourceName.Place(file), dataset, shape);
  }

  /** A data set that is open. */
  public static VirtualSource of(Dataset dataset) {
    SourceName file =
        dataset
            .file()
            .localPath()
            .<SourceName>map(SourceName.Place::new)
            .orElseGet(() -> new SourceName.Stored(dataset.file().name()));
    return new VirtualSource(
        file,
        dataset.path(),
        dataset.shape(),
        Optional.of(ValueTypes.of(dataset.datatype())),
        Charsets.utf8(dataset.datatype()),
        Optional.empty(),
        Optional.empty());
  }

  /** A data set in the file of the virtual data set. */
  public static VirtualSource sameFile(String dataset, Shape shape) {
    return of(VirtualMapping.SAME_FILE, dataset, shape);
  }

  /**
   * A series of data sets, one a block of the virtual data set: {@code %b} in either name stands
   * for the block's number, from 0; {@code %%} for a per cent sign.
   *
   * @param shape the extents of each, which are mapped whole
   */
  public static VirtualSource series(String file, String dataset, Shape shape) {
    return new VirtualSource(new SourceName.Series(file), dataset, shape);
  }

  /** The same source, of elements of a type, so that it is checked whether they can be mapped. */
  public VirtualSource type(ValueType elements) {
    return new VirtualSource(
        file, dataset, shape, Optional.of(elements), List.of(), maxDims, region);
  }

  /** The same source, with the greatest extents, -1 without a limit; what has one does not grow. */
  public VirtualSource maxDims(long... dims) {
    if (dims.length != shape.rank()) {
      throw invalid(Arrays.toString(dims) + " are not as many greatest extents as " + shape);
    }
    return new VirtualSource(
        file, dataset, shape, type, charsets, Optional.of(dims.clone()), region);
  }

  /** A part of the source. */
  public VirtualSource slice(Slice... slices) {
    return slice(List.of(slices));
  }

  /** A part as Python's brackets have it: {@code "0, ::2"}. */
  public VirtualSource slice(String slices) {
    return slice(Slice.parse(slices));
  }

  /** A part. */
  public VirtualSource slice(Hyperslab slab) {
    return slice(Slice.of(slab));
  }

  private VirtualSource slice(List<Slice> slices) {
    if (region.isPresent()) {
      throw invalid("it is a part already, and a source can be sliced once");
    }
    Region part = Region.of(slices, shape);
    int growing = part.unlimitedAxis();
    if (growing >= 0 && maxDims.isPresent() && maxDims.get()[growing] >= 0) {
      throw invalid(part + " grows where the source has the limit " + maxDims.get()[growing]);
    }
    return new VirtualSource(file, dataset, shape, type, charsets, maxDims, Optional.of(part));
  }

  private ArrayException invalid(String problem) {
    return new ArrayException(
        ErrorCode.VDS_MAPPING_INVALID, this, problem, "Make a source of the whole data set anew");
  }

  /** The shape of the part, without the dimensions of which one element was taken by its index. */
  public Shape shape() {
    return region().shape();
  }

  Region region() {
    return region.orElseGet(() -> Region.all(shape));
  }

  Optional<ValueType> type() {
    return type;
  }

  boolean isSeries() {
    return file instanceof SourceName.Series;
  }

  /** The extents of the whole source. */
  Shape extents() {
    return shape;
  }

  /** As {@link Charsets} has them; empty if they are not known. */
  List<Boolean> charsets() {
    return charsets;
  }

  /** What is stored of the source in a file at a place. */
  VirtualMapping mapping(Path place, DataspaceSelection target) {
    DataspaceSelection source =
        region.isPresent() ? region.get().selection() : new DataspaceSelection.All();
    String path = isSeries() ? dataset : SourceName.escape(dataset);
    return new VirtualMapping(file.stored(place), path, source, target);
  }

  @Override
  public String toString() {
    return file + ", " + dataset + region.map(part -> " " + part).orElse(" of " + shape);
  }
}
