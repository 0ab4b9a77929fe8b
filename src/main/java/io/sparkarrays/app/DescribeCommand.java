// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.app;

import io.sparkarrays.spark.source.ArrayFormat;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** Tells what a data set is, which columns it makes, and which host has what of it. */
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
    return "Asks every host of the cluster. PATH is absolute, the same on every host.";
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
      Description found = Description.of(session.spark(), path, format);
      session.out().print(json ? found.toJson() : found.toText());
      return Status.OK;
    };
  }
}
