// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.library;

import hdf.hdf5lib.H5;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A data set of a file that is being written. Threads may share it, but the library writes for one
 * at a time in a process. The file's close closes it, too.
 */
public final class DatasetWriter implements Closeable {

  private final WritableFile file;
  private final String path;
  private final long id;
  private final ValueType type;
  private final VariableSlots slots;
  private boolean open = true;

  DatasetWriter(WritableFile file, String path, long id, ValueType type, VariableSlots slots) {
    this.file = file;
    this.path = path;
    this.id = id;
    this.type = type;
    this.slots = slots;
  }

  /** The path in the file. */
  public String path() {
    return path;
  }

  /** What an element is. */
  public ValueType type() {
    return type;
  }

  /** The extents now. */
  public Shape shape() {
    return Shape.of(extents(false));
  }

  /** The greatest extents, -1 for a dimension without a limit. */
  public long[] maxDims() {
    return extents(true);
  }

  private long[] extents(boolean greatest) {
    return file.call(
        path,
        handles -> {
          requireOpen();
          long space = handles.space(H5.H5Dget_space(id));
          long[] dims = new long[H5.H5Sget_simple_extent_ndims(space)];
          if (dims.length > 0) {
            H5.H5Sget_simple_extent_dims(space, greatest ? null : dims, greatest ? dims : null);
          }
          return dims;
        });
  }

  /**
   * Writes elements that hold all of their bytes themselves.
   *
   * @param slab where, inside the extents
   * @param elements in C order, as the type says, from position to limit; consumed
   */
  public void write(Hyperslab slab, ByteBuffer elements) {
    write(slab, elements, List.of());
  }

  /**
   * Writes elements that may refer to runs of bytes.
   *
   * @param slab where, inside the extents
   * @param elements as the type says, but in the 8 bytes of a text the number of its run, counted
   *     from 1, 0 for nothing; in the 16 bytes of a sequence its length and such a number
   * @param runs UTF-8, or the elements of a sequence
   */
  public void write(Hyperslab slab, ByteBuffer elements, List<byte[]> runs) {
    long bytes = Math.multiplyExact(slab.shape().size(), (long) type.size());
    if (elements.remaining() != bytes) {
      throw new IllegalArgumentException(
          slab + " has " + bytes + " bytes, given are " + elements.remaining());
    }
    if (bytes == 0) {
      return;
    }
    file.write(
        path,
        handles -> {
          requireOpen();
          long space = handles.space(H5.H5Dget_space(id));
          long memory = handles.space(Spaces.select(space, slab));
          long element = new NativeTypes(handles).of(type);
          if (slots.isEmpty()) {
            NativeWrites.get().write(id, element, memory, space, elements);
          } else {
            byte[] pointers = new byte[elements.remaining()];
            elements.get(pointers);
            try (NativeMemory content = new NativeMemory(VariableSlots.memory(runs))) {
              slots.resolve(pointers, runs, content);
              NativeWrites.get().writePointers(id, element, memory, space, pointers);
            }
          }
          return null;
        });
  }

  /** Writes text of variable length; null becomes empty. */
  public void writeText(Hyperslab slab, List<String> values) {
    List<byte[]> runs = new ArrayList<>(values.size());
    for (String value : values) {
      runs.add(value == null ? new byte[0] : value.getBytes(StandardCharsets.UTF_8));
    }
    write(slab, ByteBuffer.wrap(VariableSlots.numbers(runs.size())), runs);
  }

  /**
   * Writes a whole chunk as the data set's filters made it.
   *
   * @param offset the chunk's first element
   * @param encoded from position to limit; consumed
   * @throws ArrayException {@code UNSUPPORTED_BY_PROVIDER} unless the provider is bytedeco's
   */
  public void writeChunk(long[] offset, ByteBuffer encoded) {
    file.write(
        path,
        handles -> {
          requireOpen();
          if (!NativeWrites.get().hasChunks()) {
            throw new ArrayException(
                ErrorCode.UNSUPPORTED_BY_PROVIDER,
                file.path() + ", " + path,
                "JHDF5 has no call that writes chunks as they are stored",
                "Put org.bytedeco:hdf5-platform:1.14.3-1.5.10 on the class path in JHDF5's place,"
                    + " or compress by gzip or not at all");
          }
          NativeWrites.get().writeChunk(id, offset.clone(), encoded);
          return null;
        });
  }

  /** Changes the extents, within the greatest ones. */
  public void extend(long... dims) {
    file.change(
        path,
        handles -> {
          requireOpen();
          H5.H5Dset_extent(id, dims);
          return null;
        });
  }

  /** Gives all that was written to the operating system; in SWMR mode readers see it then. */
  public void flush() {
    file.publish(
        path,
        handles -> {
          requireOpen();
          H5.H5Dflush(id);
          return null;
        });
  }

  private void requireOpen() {
    if (!open) {
      throw new IllegalStateException(path + " is closed");
    }
  }

  @Override
  public void close() {
    synchronized (Hdf5Library.LOCK) {
      if (open && file.isOpen()) {
        open = false;
        file.call(
            path,
            handles -> {
              // One that can't be flushed would be half closed, and crash the process at its end.
              H5.H5Dflush(id);
              H5.H5Dclose(id);
              return null;
            });
        // Unless that failed: what could not be written is still in memory.
        file.forget(this);
      }
    }
  }
}
