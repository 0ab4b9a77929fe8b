// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.library;

import hdf.hdf5lib.H5;
import hdf.hdf5lib.HDF5Constants;
import java.nio.ByteBuffer;

/** The calls that hand memory to the library, which the two providers offer in different ways. */
abstract class NativeWrites {

  private static NativeWrites loaded;

  /** Those of the provider that is loaded; the caller holds the lock. */
  static NativeWrites get() {
    if (loaded == null) {
      loaded = Hdf5Library.isBytedeco() ? new BytedecoWrites() : new SharedWrites();
    }
    return loaded;
  }

  /** Whether {@link #writeChunk} is there. */
  abstract boolean hasChunks();

  /** Writes elements that hold all of their bytes themselves, and consumes them. */
  abstract void write(long dataset, long type, long memory, long space, ByteBuffer elements);

  /** Writes elements that may hold addresses. */
  abstract void writePointers(long dataset, long type, long memory, long space, byte[] elements);

  /** Writes an attribute, whose elements may hold addresses. */
  abstract void writeAttribute(long attribute, long type, byte[] elements);

  /** Writes a chunk as filters made it, and consumes it. */
  abstract void writeChunk(long dataset, long[] offset, ByteBuffer encoded);

  /** The elements from the first byte of an array on, which may be longer. */
  static byte[] array(ByteBuffer elements) {
    byte[] content;
    if (elements.hasArray() && elements.arrayOffset() + elements.position() == 0) {
      content = elements.array();
      elements.position(elements.limit());
    } else {
      content = new byte[elements.remaining()];
      elements.get(content);
    }
    return content;
  }

  /** What {@code hdf.hdf5lib} has of any provider. */
  private static final class SharedWrites extends NativeWrites {
    @Override
    boolean hasChunks() {
      return false;
    }

    @Override
    void write(long dataset, long type, long memory, long space, ByteBuffer elements) {
      writePointers(dataset, type, memory, space, array(elements));
    }

    @Override
    void writePointers(long dataset, long type, long memory, long space, byte[] elements) {
      H5.H5Dwrite(dataset, type, memory, space, HDF5Constants.H5P_DEFAULT, elements, true);
    }

    @Override
    void writeAttribute(long attribute, long type, byte[] elements) {
      H5.H5Awrite(attribute, type, elements);
    }

    @Override
    void writeChunk(long dataset, long[] offset, ByteBuffer encoded) {
      throw new UnsupportedOperationException("chunks as they are stored");
    }
  }
}
