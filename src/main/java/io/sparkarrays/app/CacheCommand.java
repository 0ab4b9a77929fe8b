// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.app;

import io.sparkarrays.spark.catalog.FormatDetection;
import io.sparkarrays.spark.clusterdata.ClusterDataFormat;
import io.sparkarrays.spark.clusterdata.ClusterDataSets;
import io.sparkarrays.spark.options.ArrayOption;
import io.sparkarrays.spark.options.PathOption;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.source.ArrayFormat;
import io.sparkarrays.spark.source.FrameSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Copies a data set that is slow to read into a ClusterDataSet on the disks of the hosts. */
final class CacheCommand implements Command {

  private static final String FROM = "from";
  private static final String OPTION = "option";
  private static final String WRITE_OPTION = "write-option";

  @Override
  public String name() {
    return "cache";
  }

  @Override
  public String arguments() {
    return "SOURCE TARGET [--from FORMAT] [--option K=V ...] [--write-option K=V ...]";
  }

  @Override
  public String summary() {
    return "copy a data set into partitions on the hosts' disks, those that are missing";
  }

  @Override
  public String details() {
    return "TARGET is a clusterdata data set, made if it is not there. Partitions that a host has"
        + " are\nleft as they are, so the command may be interrupted and run again.";
  }

  @Override
  public Options options() {
    return new Options()
        .addOption(
            Arrays.option(FROM, "FORMAT", "the source's format, where it can't be told by looking"))
        .addOption(Arrays.option(OPTION, "K=V", "an option to read with"))
        .addOption(Arrays.option(WRITE_OPTION, "K=V", "an option to write with"));
  }

  @Override
  public Job parse(CommandLine line) throws UsageException {
    List<String> paths = Arrays.arguments(line, "SOURCE", "TARGET");
    Optional<ArrayFormat> from = Formats.named(Optional.ofNullable(line.getOptionValue(FROM)));
    SortedMap<String, String> read = Pairs.of(line, OPTION, ArrayOption.Scope.READ);
    SortedMap<String, String> write = Pairs.of(line, WRITE_OPTION, ArrayOption.Scope.WRITE);
    return session -> cache(session, paths.get(0), paths.get(1), from, read, write);
  }

  private static Status cache(
      Session session,
      String source,
      String target,
      Optional<ArrayFormat> from,
      SortedMap<String, String> read,
      SortedMap<String, String> write) {
    long since = System.nanoTime();
    SparkSession spark = session.spark();
    ReadOptions options = Formats.options(spark, source, read);
    String path = PathOption.of(Map.of(ArrayOption.PATH.optionName(), target));
    ArrayFormat format = from.orElseGet(() -> FormatDetection.at(spark, options));
    FrameSource opened = format.open(spark, options);
    if (!write.containsKey(ArrayOption.STRUCTURE.optionName())) {
      write.putIfAbsent(ArrayOption.SCAN_SHAPE.optionName(), text(opened.scan().dims()));
    }
    // Bytes are passed on as they are.
    read.putIfAbsent(ArrayOption.FRAMES.optionName(), "binary");
    Dataset<Row> frames = spark.read().format(format.name()).options(read).load(options.path());
    Progress.during(session, "cache", () -> 0, () -> ClusterDataSets.cache(frames, path, write));
    session.out().print(Description.of(spark, path, Optional.of(new ClusterDataFormat())).toText());
    double seconds = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since) / 1000.0;
    session.out().println("cached " + options.path() + " in " + seconds + " s");
    return Status.OK;
  }

  private static String text(long... extents) {
    return LongStream.of(extents).mapToObj(Long::toString).collect(Collectors.joining(","));
  }
}
