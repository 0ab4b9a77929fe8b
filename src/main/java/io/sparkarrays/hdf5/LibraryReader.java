// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.hdf5.filter.FilterSpec;
import io.sparkarrays.hdf5.filter.Filters;
import io.sparkarrays.hdf5.format.DataLayout;
import io.sparkarrays.hdf5.format.DatasetHeader;
import io.sparkarrays.hdf5.format.Datatype;
import io.sparkarrays.hdf5.library.Hdf5Library;
import io.sparkarrays.hdf5.library.LibraryFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Has the HDF Group's library read elements. */
final class LibraryReader extends StorageReader {

  private final Dataset dataset;
  private final Path path;
  private final int size;
  private byte[] content = {};

  private LibraryReader(Dataset dataset, Path path, int size) {
    this.dataset = dataset;
    this.path = path;
    this.size = size;
  }

  /** A reader if the library is to read the data set; null if not. */
  static LibraryReader ifWanted(Dataset dataset, DatasetHeader header) {
    DataReader choice = dataset.file().dataReader();
    if (choice == DataReader.JAVA
        || header.layout() instanceof DataLayout.Virtual
        || pointsElsewhere(header.type())
        || (choice == DataReader.AUTO && !needed(header))) {
      return null;
    }
    Path local = dataset.file().localPath().orElse(null);
    if (local != null && dataset.path().startsWith("/")) {
      // Before what is made of the library's classes.
      Hdf5Library.load();
      return new LibraryReader(dataset, local, header.type().size());
    }
    if (choice == DataReader.AUTO) {
      return null;
    }
    throw new ArrayException(
        ErrorCode.HDF5_UNSUPPORTED,
        dataset,
        "the HDF Group's library opens local files, and data sets by their path, alone",
        "Use reader auto or java");
  }

  /** Whether a filter is not known here, but to the library. */
  private static boolean needed(DatasetHeader header) {
    if (!(header.layout() instanceof DataLayout.Chunked)) {
      return false;
    }
    boolean unknown = false;
    for (FilterSpec filter : header.filters()) {
      if (Filters.find(filter.id()).isEmpty()) {
        if (!Hdf5Library.decodes(filter.id())) {
          return false;
        }
        unknown = true;
      }
    }
    return unknown;
  }

  /** Whether elements hold addresses, which the library would make pointers of. */
  private static boolean pointsElsewhere(Datatype type) {
    if (type instanceof Datatype.Compound compound) {
      return compound.members().stream().anyMatch(member -> pointsElsewhere(member.type()));
    } else if (type instanceof Datatype.ArrayType array) {
      return pointsElsewhere(array.base());
    }
    return type instanceof Datatype.VariableLength
        || type instanceof Datatype.VariableString
        || type instanceof Datatype.Reference;
  }

  @Override
  void read(Hyperslab slab, ByteBuffer destination) throws IOException {
    int bytes = destination.remaining();
    content = content.length < bytes ? new byte[bytes] : content;
    if (dataset.file().status() == WriterStatus.OPEN_FOR_SWMR) {
      // The library knows no more of a file than when it opened it.
      try (LibraryFile file = LibraryFile.open(path, true)) {
        file.read(dataset.path(), size, slab, content);
      }
    } else {
      dataset.file().library(path).read(dataset.path(), size, slab, content);
    }
    destination.put(content, 0, bytes);
  }
}
