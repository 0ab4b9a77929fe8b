// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.library;

import hdf.hdf5lib.H5;
import hdf.hdf5lib.HDF5Constants;
import hdf.hdf5lib.exceptions.HDF5LibraryException;
import java.nio.ByteBuffer;
import org.bytedeco.hdf5.global.hdf5;
import org.bytedeco.javacpp.BytePointer;

/**
 * The C functions as bytedeco offers them, which take direct memory as it is. They share objects
 * with {@code hdf.hdf5lib}, whose own calls of this version mistake addresses for Java objects.
 */
final class BytedecoWrites extends NativeWrites {

  @Override
  boolean hasChunks() {
    return true;
  }

  @Override
  void write(long dataset, long type, long memory, long space, ByteBuffer elements) {
    if (elements.isDirect()) {
      try (BytePointer pointer = new BytePointer(elements.slice())) {
        check(
            hdf5.H5Dwrite(dataset, type, memory, space, HDF5Constants.H5P_DEFAULT, pointer),
            "H5Dwrite");
      }
      elements.position(elements.limit());
    } else {
      H5.H5Dwrite(dataset, type, memory, space, HDF5Constants.H5P_DEFAULT, array(elements), true);
    }
  }

  @Override
  void writePointers(long dataset, long type, long memory, long space, byte[] elements) {
    try (BytePointer pointer = new BytePointer(elements)) {
      check(
          hdf5.H5Dwrite(dataset, type, memory, space, HDF5Constants.H5P_DEFAULT, pointer),
          "H5Dwrite");
    }
  }

  @Override
  void writeAttribute(long attribute, long type, byte[] elements) {
    try (BytePointer pointer = new BytePointer(elements)) {
      check(hdf5.H5Awrite(attribute, type, pointer), "H5Awrite");
    }
  }

  @Override
  void writeChunk(long dataset, long[] offset, ByteBuffer encoded) {
    int length = encoded.remaining();
    BytePointer pointer;
    if (encoded.isDirect()) {
      pointer = new BytePointer(encoded.slice());
      encoded.position(encoded.limit());
    } else {
      pointer = new BytePointer(length);
      pointer.put(array(encoded), 0, length);
    }
    try (pointer) {
      check(
          hdf5.H5Dwrite_chunk(dataset, HDF5Constants.H5P_DEFAULT, 0, offset, length, pointer),
          "H5Dwrite_chunk");
    }
  }

  private static void check(int status, String call) {
    if (status < 0) {
      throw new HDF5LibraryException(call + " failed");
    }
  }
}
