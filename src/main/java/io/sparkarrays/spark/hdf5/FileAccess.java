// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.core.ByteSource;
import io.sparkarrays.core.FileByteSource;
import io.sparkarrays.hdf5.DataReader;
import io.sparkarrays.hdf5.FileLocator;
import io.sparkarrays.hdf5.virtual.VirtualAccess;
import io.sparkarrays.spark.hadoop.HadoopByteSource;
import io.sparkarrays.spark.hadoop.HadoopPaths;
import io.sparkarrays.spark.hadoop.HadoopSettings;
import io.sparkarrays.spark.options.MissingMode;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.options.SourceFiles;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/**
 * How files are opened, and those that they lead to: local ones by their paths, those of Hadoop's
 * file systems by their URIs. A file leads only to others of the same file system.
 *
 * @param sources which others they may lead to
 * @param virtual what happens where the source of a virtual data set is missing
 * @param reader who reads elements
 * @param hadoop the settings of the file systems' clients
 */
record FileAccess(
    SourceFiles sources, VirtualAccess virtual, DataReader reader, HadoopSettings hadoop)
    implements Serializable {

  /** What options say, and the active session where a path is a URI. */
  static FileAccess of(ReadOptions options) {
    VirtualAccess.Missing missing =
        options.missing() == MissingMode.FILL
            ? VirtualAccess.Missing.FILL
            : VirtualAccess.Missing.FAIL;
    VirtualAccess.View view =
        options.virtualExtent().firstMissing()
            ? VirtualAccess.View.FIRST_MISSING
            : VirtualAccess.View.LAST_AVAILABLE;
    boolean remote = options.paths().stream().anyMatch(HadoopPaths::isUri);
    return new FileAccess(
        options.sources(),
        VirtualAccess.DEFAULT
            .withMissing(missing)
            .withView(view)
            .withSeriesGap(options.virtualExtent().printfGap()),
        switch (options.reader()) {
          case AUTO -> DataReader.AUTO;
          case JAVA -> DataReader.JAVA;
          case LIBRARY -> DataReader.LIBRARY;
        },
        remote ? HadoopSettings.of(SparkSession.active()) : HadoopSettings.defaults());
  }

  /**
   * The bytes of a file.
   *
   * @throws NoSuchFileException if it is not there
   */
  ByteSource open(String path) throws IOException {
    return HadoopPaths.isUri(path)
        ? HadoopByteSource.open(path, hadoop).orElseThrow(() -> new NoSuchFileException(path))
        : FileByteSource.open(Path.of(path));
  }

  /** Finds the files that a file names, all of them. */
  FileLocator beside(String path) {
    return HadoopPaths.isUri(path)
        ? HadoopLocator.beside(path, hadoop)
        : FileLocator.beside(Path.of(path));
  }
}
