// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.library;

import hdf.hdf5lib.H5;
import hdf.hdf5lib.HDF5Constants;
import hdf.hdf5lib.callbacks.H5E_walk_cb;
import hdf.hdf5lib.callbacks.H5E_walk_t;
import hdf.hdf5lib.exceptions.HDF5Exception;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Hyperslab;
import java.io.Closeable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A local file that the HDF Group's library has open for reading, with the data sets that were read
 * of it. Threads may share it, but the library reads for one at a time.
 */
public final class LibraryFile implements Closeable {

  private static final long CLOSED = -1;

  private final Path path;
  private final Map<String, Long> datasets = new HashMap<>();

  /** How data sets are opened: files of raw data are looked for beside their file. */
  private final long access;

  private long file;

  private LibraryFile(Path path, long file, long access) {
    this.path = path;
    this.access = access;
    this.file = file;
  }

  /** Makes the library ready, and gives its version. */
  static String start() {
    H5.H5open();
    H5.H5error_off();
    int[] version = new int[3];
    H5.H5get_libversion(version);
    return version[0] + "." + version[1] + "." + version[2];
  }

  static boolean decodes(int filter) {
    return H5.H5Zfilter_avail(filter) > 0;
  }

  /**
   * Opens a file.
   *
   * @param live whether a writer has it open in SWMR mode
   * @throws ArrayException {@code HDF5_LIBRARY_MISSING}, {@code HDF5_LIBRARY_CONFLICT}, {@code
   *     HDF5_LIBRARY_FAILED}
   */
  public static LibraryFile open(Path path, boolean live) {
    Hdf5Library.load();
    synchronized (Hdf5Library.LOCK) {
      long access = CLOSED;
      try {
        access = H5.H5Pcreate(HDF5Constants.H5P_FILE_ACCESS);
        // Whatever is still open inside a file is closed with it.
        H5.H5Pset_fclose_degree(access, HDF5Constants.H5F_CLOSE_STRONG);
        int mode = HDF5Constants.H5F_ACC_RDONLY | (live ? HDF5Constants.H5F_ACC_SWMR_READ : 0);
        long file = H5.H5Fopen(path.toString(), mode, access);
        long datasets = H5.H5Pcreate(HDF5Constants.H5P_DATASET_ACCESS);
        H5.H5Pset_efile_prefix(datasets, "${ORIGIN}");
        return new LibraryFile(path, file, datasets);
      } catch (HDF5Exception e) {
        throw failed(path.toString(), e);
      } finally {
        if (access != CLOSED) {
          H5.H5Pclose(access);
        }
      }
    }
  }

  /**
   * Reads elements as they are stored.
   *
   * @param dataset the path of a data set whose elements hold all of their bytes themselves
   * @param size bytes of an element
   * @param slab elements inside the data set
   * @param content takes the elements, from its first byte on
   */
  public void read(String dataset, int size, Hyperslab slab, byte[] content) {
    synchronized (Hdf5Library.LOCK) {
      if (file == CLOSED) {
        throw new IllegalStateException(path + " is closed");
      }
      long type = CLOSED;
      long space = CLOSED;
      long memory = CLOSED;
      try {
        Long known = datasets.get(dataset);
        long id = known == null ? H5.H5Dopen(file, dataset, access) : known;
        datasets.put(dataset, id);
        type = H5.H5Dget_type(id);
        if (H5.H5Tget_size(type) != size) {
          throw new IllegalStateException("elements of other than " + size + " bytes");
        }
        space = H5.H5Dget_space(id);
        memory = select(space, slab);
        H5.H5Dread(id, type, memory, space, HDF5Constants.H5P_DEFAULT, content, true);
      } catch (HDF5Exception e) {
        throw failed(path + ", " + dataset, e);
      } finally {
        close(type, H5::H5Tclose);
        close(space, H5::H5Sclose);
        close(memory, H5::H5Sclose);
      }
    }
  }

  /** Selects a slab in a file's space, and makes the space of the elements in memory. */
  private static long select(long space, Hyperslab slab) {
    int rank = slab.shape().rank();
    if (rank == 0) {
      return H5.H5Screate(HDF5Constants.H5S_SCALAR);
    }
    long[] start = new long[rank];
    long[] stride = new long[rank];
    long[] count = new long[rank];
    long[] block = new long[rank];
    for (int axis = 0; axis < rank; axis++) {
      start[axis] = slab.start(axis);
      block[axis] = slab.block(axis);
      count[axis] = slab.shape().dim(axis) / block[axis];
      stride[axis] =
          count[axis] == 1 ? block[axis] : slab.coordinate(axis, block[axis]) - start[axis];
    }
    H5.H5Sselect_hyperslab(space, HDF5Constants.H5S_SELECT_SET, start, stride, count, block);
    return H5.H5Screate_simple(rank, slab.shape().dims(), null);
  }

  private interface Closing {
    int close(long id);
  }

  private static void close(long id, Closing closing) {
    if (id != CLOSED) {
      closing.close(id);
    }
  }

  private static ArrayException failed(String where, HDF5Exception e) {
    return new ArrayException(
        ErrorCode.HDF5_LIBRARY_FAILED,
        where,
        "the HDF Group's library " + Hdf5Library.load() + " says: " + reason(e),
        "Read it without the library (reader auto or java), or by a newer one",
        e);
  }

  /** What went wrong in the innermost call, which the exception itself may not say. */
  private static String reason(HDF5Exception e) {
    List<String> calls = new ArrayList<>();
    try {
      H5E_walk_cb collect =
          (number, error, data) -> {
            calls.add(error.desc);
            return 0;
          };
      H5.H5Ewalk2(
          HDF5Constants.H5E_DEFAULT, HDF5Constants.H5E_WALK_UPWARD, collect, new H5E_walk_t() {});
    } catch (HDF5Exception again) {
      return e.getMessage();
    }
    return calls.isEmpty() ? e.getMessage() : e.getMessage() + ", " + calls.get(0);
  }

  @Override
  public void close() {
    synchronized (Hdf5Library.LOCK) {
      if (file != CLOSED) {
        long closing = file;
        file = CLOSED;
        datasets.values().forEach(H5::H5Dclose);
        H5.H5Pclose(access);
        H5.H5Fclose(closing);
      }
    }
  }
}
