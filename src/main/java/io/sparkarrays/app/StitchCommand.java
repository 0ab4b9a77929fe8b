// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.app;

import io.sparkarrays.spark.hdf5.Stitching;
import io.sparkarrays.spark.hdf5.Stitching.Along;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** Makes one data set of those of several HDF5 files, which stay where they are. */
final class StitchCommand implements Command {

  private static final String DATASET = "dataset";
  private static final String AS = "as";
  private static final String ALONG = "along";
  private static final String GAP = "gap";
  private static final String INTERLEAVE = "interleave";
  private static final String GROWING = "growing";
  private static final String FILL = "fill";
  private static final String OVERWRITE = "overwrite";

  @Override
  public String name() {
    return "stitch";
  }

  @Override
  public String arguments() {
    return "FILE ... OUT --dataset PATH [--along scan|rows|columns|new] [--interleave N] [--gap N]";
  }

  @Override
  public String summary() {
    return "make one data set of those of several HDF5 files, without a copy";
  }

  @Override
  public String details() {
    return "OUT is a file with a virtual data set, which appears whole or not at all. FILEs, which"
        + " may be globs,\n"
        + "are taken in the order given, those of a glob in the order of their names and of"
        + " the numbers in them.\n"
        + "Writes by the HDF Group's library: add --packages"
        + " org.bytedeco:hdf5-platform:1.14.3-1.5.10";
  }

  @Override
  public Options options() {
    return new Options()
        .addOption(Arrays.option(DATASET, "PATH", "the data set in each file"))
        .addOption(Arrays.option(AS, "PATH", "the data set in OUT, else the same"))
        .addOption(
            Arrays.option(
                ALONG,
                "DIMENSION",
                "scan: files follow each other (default), rows or columns: parts of each frame,"
                    + " new: an index a file"))
        .addOption(
            Arrays.option(INTERLEAVE, "N", "files take turns along the scan, N frames at a time"))
        .addOption(
            null,
            GROWING,
            false,
            "the last file still grows along the scan, or all that take turns")
        .addOption(Arrays.option(GAP, "N", "rows or columns between two files"))
        .addOption(Arrays.option(FILL, "VALUE", "what no file has, else 0"))
        .addOption(null, OVERWRITE, false, "replace OUT");
  }

  @Override
  public Job parse(CommandLine line) throws UsageException {
    List<String> files = line.getArgList();
    if (files.size() < 2) {
      throw new UsageException(files.isEmpty() ? "FILE is missing" : "OUT is missing");
    }
    if (!line.hasOption(DATASET)) {
      throw new UsageException("--dataset is missing");
    }
    String dataset = line.getOptionValue(DATASET);
    Along along = along(line.getOptionValue(ALONG, "scan"));
    Optional<Integer> block = count(line, INTERLEAVE, 1);
    Optional<Integer> gap = count(line, GAP, 0);
    Stitching stitching =
        new Stitching(
            files.subList(0, files.size() - 1),
            Path.of(files.get(files.size() - 1)).toAbsolutePath().normalize(),
            dataset,
            line.getOptionValue(AS, dataset),
            along,
            block,
            line.hasOption(GROWING),
            gap.orElse(0),
            Optional.ofNullable(line.getOptionValue(FILL)).map(Stitching::value),
            line.hasOption(OVERWRITE));
    Optional<String> problem = stitching.problem();
    if (problem.isPresent()) {
      throw new UsageException("--" + problem.get());
    }
    return session -> {
      session.out().println(stitching.out() + ", " + stitching.name() + ": " + stitching.run());
      return Status.OK;
    };
  }

  private static Along along(String text) throws UsageException {
    Optional<Along> along = Along.find(text);
    if (along.isPresent()) {
      return along.get();
    }
    throw new UsageException("--along " + text + ": not scan, rows, columns or new");
  }

  private static Optional<Integer> count(CommandLine line, String option, int least)
      throws UsageException {
    if (!line.hasOption(option)) {
      return Optional.empty();
    }
    String text = line.getOptionValue(option);
    if (!text.matches("\\d{1,9}") || Integer.parseInt(text) < least) {
      throw new UsageException("--" + option + " " + text + ": not a number from " + least);
    }
    return Optional.of(Integer.parseInt(text));
  }
}
