// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.app;

import io.sparkarrays.clusterdata.PartitionStructure;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.clusterdata.ClusterDataSets;
import io.sparkarrays.spark.clusterdata.DataSetDescription;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** Tells what a data set is and which host has what of it. */
final class DescribeCommand implements Command {

  private static final String[] UNITS = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB"};

  @Override
  public String name() {
    return "describe";
  }

  @Override
  public String arguments() {
    return "PATH";
  }

  @Override
  public String summary() {
    return "tell what a data set is and which host has which partitions";
  }

  @Override
  public String details() {
    return "Asks every host of the cluster. PATH is absolute, the same on every host.";
  }

  @Override
  public Options options() {
    return new Options();
  }

  @Override
  public Job parse(CommandLine line) throws UsageException {
    String path = io.sparkarrays.app.Arrays.onlyArgument(line, "PATH");
    return (spark, out) -> print(ClusterDataSets.describe(spark, path), out);
  }

  private static void print(DataSetDescription found, PrintStream out) {
    PartitionStructure structure = found.structure();
    List<Integer> missing = found.missing();
    int present = structure.partitions() - missing.size();
    out.println(found.path());
    field(out, "scan", extents(structure.scan()) + ", " + structure.frames() + " frames");
    field(
        out,
        "frame",
        extents(structure.frame()) + " " + structure.dtype() + ", " + size(structure.frameBytes()));
    field(out, "whole", size(structure.frames() * structure.frameBytes()));
    field(out, "partitions", present + " of " + structure.partitions() + " present");
    if (!missing.isEmpty()) {
      field(out, found.silent().isEmpty() ? "missing" : "not seen", Indexes.format(missing));
    }
    if (!found.writes().isEmpty()) {
      field(out, "writing", String.join(", ", found.writes()) + " (running or interrupted)");
    }
    int width = found.partitions().keySet().stream().mapToInt(String::length).max().orElse(0);
    found
        .partitions()
        .forEach(
            (host, partitions) ->
                field(
                    out,
                    "host",
                    String.format(
                        Locale.ROOT,
                        "%-" + Math.max(1, width) + "s  %s in %d: %s",
                        host,
                        size(bytes(structure, partitions)),
                        partitions.size(),
                        Indexes.format(partitions))));
    found.silent().forEach(host -> field(out, "host", host + "  no answer, its part is unknown"));
  }

  private static long bytes(PartitionStructure structure, List<Integer> partitions) {
    return partitions.stream().mapToLong(structure::partitionBytes).sum();
  }

  private static void field(PrintStream out, String name, String value) {
    out.printf(Locale.ROOT, "  %-11s %s%n", name, value);
  }

  private static String extents(Shape shape) {
    return Arrays.stream(shape.dims()).mapToObj(Long::toString).collect(Collectors.joining(" x "));
  }

  /** Bytes for people: three or four digits and a binary unit. */
  static String size(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, UNITS[unit]);
  }
}
