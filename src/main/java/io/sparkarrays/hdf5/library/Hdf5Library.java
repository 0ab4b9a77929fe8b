// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.library;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import org.bytedeco.hdf5.hdf5_java;
import org.bytedeco.javacpp.Loader;

/** Finds the HDF Group's library on the class path, and loads it once. */
public final class Hdf5Library {

  /**
   * Held during each call. A literal is one object for all class loaders of a process, as the
   * library is, which is not made for threads.
   */
  static final String LOCK = "io.sparkarrays.hdf5.library";

  private static final String API = "hdf/hdf5lib/H5.class";
  private static final String BYTEDECO = "org/bytedeco/hdf5/hdf5_java.class";
  private static final String ADVICE =
      "Add --packages org.bytedeco:hdf5-platform:1.14.3-1.5.10 (in Python, pip install"
          + " 'spark-arrays[write]' does), or JHDF5's jars and native libraries, to the class path";

  private static String version;

  private Hdf5Library() {}

  /**
   * Whether a library is on the class path; it may still fail to load.
   *
   * @throws ArrayException {@code HDF5_LIBRARY_CONFLICT}
   */
  public static boolean isOnClassPath() {
    List<String> found = found();
    if (found.size() > 1) {
      throw new ArrayException(
          ErrorCode.HDF5_LIBRARY_CONFLICT,
          "hdf.hdf5lib",
          "two jars on the class path offer it: " + found,
          "Keep one: org.bytedeco:hdf5 or JHDF5");
    }
    return !found.isEmpty();
  }

  /**
   * Loads the library if it is not yet loaded.
   *
   * @return its version, such as {@code 1.14.3}
   * @throws ArrayException {@code HDF5_LIBRARY_MISSING}, {@code HDF5_LIBRARY_CONFLICT}
   */
  public static String load() {
    synchronized (LOCK) {
      if (version == null) {
        if (!isOnClassPath()) {
          throw missing("no jar on the class path offers it", null);
        }
        try {
          if (isBytedeco()) {
            Bytedeco.locate();
          }
          version = LibraryFile.start();
        } catch (LinkageError | RuntimeException e) {
          Throwable cause = e instanceof ExceptionInInitializerError ? e.getCause() : e;
          throw missing("its native part can't be loaded: " + cause, e);
        }
      }
      return version;
    }
  }

  /** Whether it is bytedeco's, which offers the C functions, too. */
  static boolean isBytedeco() {
    return Hdf5Library.class.getClassLoader().getResource(BYTEDECO) != null;
  }

  /**
   * Whether the library undoes a filter, by itself or by a plugin in {@code HDF5_PLUGIN_PATH};
   * {@code false} without a library, or with one that does not load.
   */
  public static boolean decodes(int filter) {
    if (!isOnClassPath()) {
      return false;
    }
    try {
      load();
    } catch (ArrayException e) {
      return false;
    }
    synchronized (LOCK) {
      return LibraryFile.decodes(filter);
    }
  }

  private static List<String> found() {
    try {
      return Collections.list(Hdf5Library.class.getClassLoader().getResources(API)).stream()
          .map(URL::toString)
          .distinct()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ArrayException missing(String problem, Throwable cause) {
    return new ArrayException(
        ErrorCode.HDF5_LIBRARY_MISSING, "hdf.hdf5lib", problem, ADVICE, cause);
  }

  /** Is linked only where its jar is there. */
  private static final class Bytedeco {
    private Bytedeco() {}

    /** Takes the native library out of its jar and tells the API where it is. */
    static void locate() {
      System.setProperty("hdf.hdf5lib.H5.hdf5lib", Loader.load(hdf5_java.class));
    }
  }
}
