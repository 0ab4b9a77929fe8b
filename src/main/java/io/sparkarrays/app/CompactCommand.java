// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.app;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.spark.hdf5.write.ResultCompaction;
import io.sparkarrays.spark.hosts.Hosts;
import io.sparkarrays.spark.options.PathOption;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.spark.network.util.JavaUtils;

/** {@code compact}: fewer and larger parts of a result that a stream wrote. */
final class CompactCommand implements Command {

  private static final String BELOW = "below";
  private static final String USUAL = "128m";

  @Override
  public String name() {
    return "compact";
  }

  @Override
  public String arguments() {
    return "PATH [--below SIZE]";
  }

  @Override
  public String summary() {
    return "fold the small parts of an HDF5 result into larger ones";
  }

  @Override
  public String details() {
    return "The stream that writes PATH may go on meanwhile. The old parts stay for readers that"
        + " have the result open;\n"
        + "the next compact or write removes them.";
  }

  @Override
  public Options options() {
    return new Options()
        .addOption(
            Arrays.option(BELOW, "SIZE", "fold parts of fewer bytes, else of fewer than " + USUAL));
  }

  @Override
  public Job parse(CommandLine line) throws UsageException {
    String path = Arrays.arguments(line, "PATH").get(0);
    long below;
    try {
      below = JavaUtils.byteStringAsBytes(line.getOptionValue(BELOW, USUAL));
    } catch (NumberFormatException e) {
      throw new UsageException("--" + BELOW + " takes a size, such as " + USUAL);
    }
    return session -> {
      Path result = Path.of(PathOption.of(Map.of("path", path)));
      try {
        ResultCompaction.Outcome outcome =
            ResultCompaction.run(result, below, Hosts.timeout(session.spark()));
        session
            .out()
            .println(
                outcome.folded() == 0
                    ? "nothing to fold"
                    : "folded " + outcome.folded() + " parts into " + outcome.made());
      } catch (IOException e) {
        throw new ArrayException(
            ErrorCode.IO_FAILED,
            result,
            "its parts could not be folded: " + e,
            "Check the folder; the result is as it was",
            e);
      }
      return Status.OK;
    };
  }
}
