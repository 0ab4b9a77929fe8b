// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.library;

import hdf.hdf5lib.H5;
import hdf.hdf5lib.HDF5Constants;
import hdf.hdf5lib.exceptions.HDF5Exception;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Hyperslab;
import java.io.Closeable;
import java.nio.file.Path;
import java.util.HashMap;
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
        memory = Spaces.select(space, slab);
        readTidily(id, type, memory, space, content);
      } catch (HDF5Exception e) {
        throw failed(path + ", " + dataset, e);
      } finally {
        close(type, H5::H5Tclose);
        close(space, H5::H5Sclose);
        close(memory, H5::H5Sclose);
      }
    }
  }

  /** Closes what the call itself leaves open. */
  @SuppressWarnings("LockOnNonEnclosingClassLiteral") // The library's own lock is needed.
  private static void readTidily(long id, long type, long memory, long space, byte[] content) {
    // All of the API's calls hold its class: no other user of it opens types meanwhile.
    synchronized (H5.class) {
      long before = TypeIds.count();
      try {
        H5.H5Dread(id, type, memory, space, HDF5Constants.H5P_DEFAULT, content, true);
      } finally {
        TypeIds.closeDownTo(before);
      }
    }
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
    return LibraryErrors.failed(
        where, e, "Read it without the library (reader auto or java), or by a newer one");
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
