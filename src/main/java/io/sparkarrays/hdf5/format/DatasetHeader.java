// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.format;

import io.sparkarrays.hdf5.filter.FilterSpec;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What the object header of a data set says of it.
 *
 * @param metadata where it was read
 * @param address of the object header
 * @param type the datatype
 * @param space the extents
 * @param layout where the elements are
 * @param filters what chunks go through, in a writer's order
 * @param fill the bytes of one element that was never written; empty if they are zeros
 */
public record DatasetHeader(
    Metadata metadata,
    long address,
    Datatype type,
    Dataspace space,
    DataLayout layout,
    List<FilterSpec> filters,
    byte[] fill) {

  /** Reads the messages of a data set. */
  public static DatasetHeader read(ObjectHeader header) throws IOException {
    Datatype type = datatype(header);
    Dataspace space = Dataspace.read(header.require(MessageType.DATASPACE, "dataspace"));
    Fields layoutFields = header.require(MessageType.LAYOUT, "layout");
    DataLayout layout = LayoutMessage.read(layoutFields, space.shape(), type.size());
    Optional<Fields> external = header.find(MessageType.EXTERNAL_FILES);
    if (external.isPresent()) {
      layout = new DataLayout.External(StorageMessages.externalFiles(external.get()));
    }
    Optional<Fields> filters = header.find(MessageType.FILTERS);
    byte[] fill =
        StorageMessages.fillElement(StorageMessages.fillValue(header), layoutFields, type.size());
    return new DatasetHeader(
        header.metadata(),
        header.address(),
        type,
        space,
        layout,
        filters.isPresent() ? StorageMessages.filters(filters.get()) : List.of(),
        fill);
  }

  /** The datatype of a data set or of a committed datatype. */
  public static Datatype datatype(ObjectHeader header) throws IOException {
    return DatatypeMessage.read(header.require(MessageType.DATATYPE, "datatype"));
  }
}
