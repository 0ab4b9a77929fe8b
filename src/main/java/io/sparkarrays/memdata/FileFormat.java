// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The formats of files that hold containers. */
public enum FileFormat {
  HDF5,
  ZARR;

  static final String ARCHIVE = ".zarr.zip";
  private static final String FOLDER = ".zarr";

  /** The format of a name: Zarr's endings and folders, HDF5 for all others. */
  public static FileFormat guess(Path path) {
    String name = path.getFileName().toString();
    boolean zarr = name.endsWith(FOLDER) || name.endsWith(ARCHIVE) || Files.isDirectory(path);
    return zarr ? ZARR : HDF5;
  }

  /** The format that is given, or guessed if it is null. */
  static FileFormat of(FileFormat given, Path path) {
    return given == null ? guess(path) : given;
  }

  /**
   * Checks that a name, a format and a group go together; what is null says nothing.
   *
   * @throws ArrayException {@code OPTION_INVALID}
   */
  public static void check(Path path, FileFormat format, BaseGroup group) {
    FileFormat named = path == null ? format : guess(path);
    FileFormat wanted = format == null ? named : format;
    FileFormat has = group instanceof DiskGroup disk ? disk.format() : wanted;
    if (named != wanted || wanted != has) {
      throw new ArrayException(
          ErrorCode.OPTION_INVALID,
          path == null ? "file format" : path,
          "the name stands for " + named + ", the format is " + wanted + ", the group is of " + has,
          "Give the file a name of its format");
    }
  }

  /**
   * Opens a file.
   *
   * @param mode {@code r}, {@code r+} to change it, {@code a} to change or make it, {@code w} to
   *     make it anew, {@code w-} to make it where none is
   */
  public DiskGroup open(Path path, String mode) throws IOException {
    boolean exists = Files.exists(path);
    boolean creates =
        switch (mode) {
          case "r", "r+" -> false;
          case "a" -> !exists;
          case "w" -> true;
          case "w-", "x" -> {
            if (exists) {
              throw new ArrayException(
                  ErrorCode.MEMDATA_EXISTS,
                  path,
                  "it is there already",
                  "Use mode w to replace it");
            }
            yield true;
          }
          default ->
              throw new ArrayException(
                  ErrorCode.OPTION_INVALID,
                  "mode '" + mode + "'",
                  "there is no such mode",
                  "Use r, r+, a, w or w-");
        };
    if (!creates && !exists) {
      throw new ArrayException(
          ErrorCode.PATH_NOT_FOUND, path, "there is no such file", "Check the path");
    }
    Backend backend =
        this == HDF5
            ? Hdf5Backend.open(path, creates, !mode.equals("r"))
            : ZarrBackend.open(path, creates, !mode.equals("r"));
    return new DiskGroup(backend, Paths.ROOT);
  }
}
