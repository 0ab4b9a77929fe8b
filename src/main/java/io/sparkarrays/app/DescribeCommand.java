// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.app;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.spark.catalog.FormatDetection;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.source.ArrayFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.spark.sql.SparkSession;

/**
 * Tells what a data set is, which columns it makes, and which host has what of it; of an HDF5 file
 * also all that is in it.
 */
final class DescribeCommand implements Command {

  private static final String JSON = "json";
  private static final String FORMAT = "format";

  @Override
  public String name() {
    return "describe";
  }

  @Override
  public String arguments() {
    return "PATH [--json]";
  }

  @Override
  public String summary() {
    return "tell what a data set is and which host has which partitions";
  }

  @Override
  public String details() {
    return "Asks every host of the cluster. PATH is absolute, the same on every host.\n"
        + "Of an HDF5 file it also lists groups, data sets and attributes.";
  }

  @Override
  public Options options() {
    return new Options()
        .addOption(Arrays.option(FORMAT, "NAME", "the format, where it can't be told by looking"))
        .addOption(null, JSON, false, "print JSON");
  }

  @Override
  public Job parse(CommandLine line) throws UsageException {
    String path = Arrays.arguments(line, "PATH").get(0);
    Optional<ArrayFormat> format = Formats.named(Optional.ofNullable(line.getOptionValue(FORMAT)));
    boolean json = line.hasOption(JSON);
    return session -> {
      session.out().print(describe(session.spark(), path, format, json));
      return Status.OK;
    };
  }

  /** What a file is read as if only its path is given; its errors concern who reads it so. */
  private static Optional<Description> table(SparkSession spark, String path, ArrayFormat format) {
    try {
      return Optional.of(Description.of(spark, path, Optional.of(format)));
    } catch (ArrayException e) {
      return Optional.empty();
    }
  }

  private static String describe(
      SparkSession spark, String path, Optional<ArrayFormat> wanted, boolean json) {
    ReadOptions options = Formats.options(spark, path, Map.of());
    ArrayFormat format = wanted.orElseGet(() -> FormatDetection.at(spark, options));
    Path file = Path.of(options.path());
    if (format.name().equals(Hdf5Description.FORMAT) && Files.isRegularFile(file)) {
      Hdf5Description found = Hdf5Description.of(file, table(spark, path, format));
      return json ? found.toJson() : found.toText();
    }
    Description found = Description.of(spark, path, Optional.of(format));
    return json ? found.toJson() : found.toText();
  }
}
