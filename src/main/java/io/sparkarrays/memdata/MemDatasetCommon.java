// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.Index;
import io.sparkarrays.core.NdArray;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import java.util.List;

/** A data set that is in memory as a whole. */
public final class MemDatasetCommon extends MemDataset {

  private final NdArray data;

  MemDatasetCommon(Place place, NdArray data) {
    super(place);
    this.data = data;
  }

  /** A data set of zeros that stands in no tree. */
  public MemDatasetCommon(ElementType type, long... dims) {
    this(Place.detached(), NdArray.zeros(type, dims));
  }

  /** A data set that shares its elements with an array and stands in no tree. */
  public static MemDatasetCommon of(NdArray array) {
    return new MemDatasetCommon(Place.detached(), array);
  }

  /** The array itself. */
  public NdArray data() {
    return data;
  }

  @Override
  public NdArray gather() {
    return data;
  }

  @Override
  public ValueType type() {
    return data.type();
  }

  @Override
  public Shape shape() {
    return data.shape();
  }

  @Override
  public NdArray read(List<Index> indices) {
    return data.get(indices);
  }

  @Override
  public void write(NdArray source, List<Index> indices) {
    data.put(source, indices);
  }

  @Override
  protected MemDataset at(Place other) {
    return new MemDatasetCommon(other, data);
  }

  @Override
  protected MemDataset copyAt(Place other) {
    return new MemDatasetCommon(other, data.copy());
  }

  @Override
  protected boolean sameElements(MemDataset other) {
    return data.equals(other.gather());
  }
}
