// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.library;

import hdf.hdf5lib.H5;
import hdf.hdf5lib.HDF5Constants;
import io.sparkarrays.hdf5.filter.FilterSpec;
import java.util.List;

/** Makes data sets by the library's property lists. */
final class DatasetMaker {

  private final Handles handles;
  private final DatasetCreation creation;

  DatasetMaker(Handles handles, DatasetCreation creation) {
    this.handles = handles;
    this.creation = creation;
  }

  /** How names become links: in UTF-8, and groups on the way are made. */
  static long links(Handles handles) {
    long links = handles.properties(H5.H5Pcreate(HDF5Constants.H5P_LINK_CREATE));
    H5.H5Pset_create_intermediate_group(links, true);
    H5.H5Pset_char_encoding(links, HDF5Constants.H5T_CSET_UTF8);
    return links;
  }

  /** Makes a data set that stores its elements. */
  long plain(long file, String name) {
    long properties = handles.properties(H5.H5Pcreate(HDF5Constants.H5P_DATASET_CREATE));
    creation.chunk().ifPresent(chunk -> H5.H5Pset_chunk(properties, chunk.rank(), chunk.dims()));
    creation.filters().forEach(filter -> add(properties, filter));
    return create(file, name, properties);
  }

  private static void add(long properties, FilterSpec filter) {
    int[] data = filter.clientData();
    int flags = filter.optional() ? HDF5Constants.H5Z_FLAG_OPTIONAL : 0;
    H5.H5Pset_filter(properties, filter.id(), flags, data.length, data);
  }

  /** Makes a data set whose elements are those of others. */
  void virtual(long file, String name, List<MappedSource> sources) {
    long properties = handles.properties(H5.H5Pcreate(HDF5Constants.H5P_DATASET_CREATE));
    H5.H5Pset_layout(properties, HDF5Constants.H5D_VIRTUAL);
    for (MappedSource source : sources) {
      source.addTo(properties, creation.shape());
    }
    create(file, name, properties);
  }

  private long create(long file, String name, long properties) {
    // The same input makes the same file.
    H5.H5Pset_obj_track_times(properties, false);
    long type = new NativeTypes(handles, creation.utf8()).of(creation.type());
    creation.fill().ifPresent(fill -> H5.H5Pset_fill_value(properties, type, fill));
    long space = handles.space(Spaces.create(creation.shape().dims(), creation.maxDims()));
    return handles.dataset(
        H5.H5Dcreate(
            file, name, type, space, links(handles), properties, HDF5Constants.H5P_DEFAULT));
  }
}
