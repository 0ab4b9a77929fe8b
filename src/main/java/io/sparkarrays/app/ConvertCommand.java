// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.app;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.spark.catalog.FormatDetection;
import io.sparkarrays.spark.hosts.Hosts;
import io.sparkarrays.spark.options.ArrayOption;
import io.sparkarrays.spark.options.PathOption;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.options.WriteOptions;
import io.sparkarrays.spark.source.ArrayFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/** Writes a data set anew in another format or structure. */
final class ConvertCommand implements Command {

  private static final String FROM = "from";
  private static final String TO = "to";
  private static final String OPTION = "option";
  private static final String WRITE_OPTION = "write-option";
  private static final String OVERWRITE = "overwrite";

  @Override
  public String name() {
    return "convert";
  }

  @Override
  public String arguments() {
    return "SOURCE TARGET [--to FORMAT] [--option K=V ...] [--write-option K=V ...] [--overwrite]";
  }

  @Override
  public String summary() {
    return "write a data set anew in another format, structure or dtype";
  }

  @Override
  public String details() {
    return "Formats: "
        + Formats.names()
        + ". The scan, the frame and the dtype stay as they are unless options tell otherwise.\n"
        + "TARGET appears whole or not at all; without --overwrite there must be nothing.";
  }

  @Override
  public Options options() {
    return new Options()
        .addOption(
            Arrays.option(FROM, "FORMAT", "the source's format, where it can't be told by looking"))
        .addOption(Arrays.option(TO, "FORMAT", "the target's, else the source's"))
        .addOption(Arrays.option(OPTION, "K=V", "an option to read with"))
        .addOption(Arrays.option(WRITE_OPTION, "K=V", "an option to write with"))
        .addOption(null, OVERWRITE, false, "replace the data set at TARGET");
  }

  /** The command line, understood. */
  private record Wanted(
      String source,
      String target,
      Optional<ArrayFormat> from,
      Optional<ArrayFormat> to,
      SortedMap<String, String> read,
      SortedMap<String, String> write,
      SaveMode mode) {}

  @Override
  public Job parse(CommandLine line) throws UsageException {
    List<String> paths = Arrays.arguments(line, "SOURCE", "TARGET");
    Wanted wanted =
        new Wanted(
            paths.get(0),
            paths.get(1),
            Formats.named(Optional.ofNullable(line.getOptionValue(FROM))),
            Formats.named(Optional.ofNullable(line.getOptionValue(TO))),
            Pairs.of(line, OPTION, ArrayOption.Scope.READ),
            Pairs.of(line, WRITE_OPTION, ArrayOption.Scope.WRITE),
            line.hasOption(OVERWRITE) ? SaveMode.Overwrite : SaveMode.ErrorIfExists);
    return session -> convert(session, wanted);
  }

  private static Status convert(Session session, Wanted wanted) {
    long since = System.nanoTime();
    SparkSession spark = session.spark();
    ReadOptions options = Formats.options(spark, wanted.source(), wanted.read());
    String target = PathOption.of(Map.of("path", wanted.target()));
    ArrayFormat from = wanted.from().orElseGet(() -> FormatDetection.at(spark, options));
    ArrayFormat to = wanted.to().orElse(from);
    requireOther(options.path(), target);
    SortedMap<String, String> write = writeOptions(wanted, from.open(spark, options).scan().dims());
    if (wanted.mode() == SaveMode.ErrorIfExists) {
      requireNothing(spark, to, target, write);
    }
    DataFrameWriter<Row> writer =
        spark
            .read()
            .format(from.name())
            .options(readOptions(wanted))
            .load(options.path())
            .write()
            .format(to.name())
            .options(write)
            .mode(wanted.mode());
    Progress.during(session, "convert", () -> 0, () -> writer.save(target));
    session.out().print(Description.of(spark, target, Optional.of(to)).toText());
    double seconds = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since) / 1000.0;
    session.out().println("converted " + options.path() + " in " + seconds + " s");
    return Status.OK;
  }

  private static void requireOther(String source, String target) {
    if (source.equals(target)) {
      throw new ArrayException(
          ErrorCode.OPTION_INVALID,
          target,
          "it is the source, too",
          "Convert to another path, and remove the source when you have verified that one");
    }
  }

  /** Spark would refuse it, too, but speaks of tables and views. */
  private static void requireNothing(
      SparkSession spark, ArrayFormat format, String target, SortedMap<String, String> options) {
    SortedMap<String, String> all = new TreeMap<>(options);
    all.put(ArrayOption.PATH.optionName(), target);
    all.putIfAbsent(ArrayOption.HOSTS_TIMEOUT.optionName(), Hosts.timeout(spark).toMillis() + "ms");
    if (format.exists(spark, WriteOptions.of(all))) {
      throw new ArrayException(
          ErrorCode.OPTION_INVALID,
          target,
          "a data set stands there",
          "Replace it with --overwrite, or convert to another path");
    }
  }

  /** Bytes are passed on as they are where no value has to change. */
  private static Map<String, String> readOptions(Wanted wanted) {
    Map<String, String> read = new TreeMap<>(wanted.read());
    boolean values =
        wanted.write().containsKey(ArrayOption.DTYPE.optionName())
            || wanted.write().containsKey(ArrayOption.STRUCTURE.optionName());
    if (!values) {
      read.putIfAbsent(ArrayOption.FRAMES.optionName(), "binary");
    }
    return read;
  }

  private static SortedMap<String, String> writeOptions(Wanted wanted, long... scan) {
    SortedMap<String, String> write = new TreeMap<>(wanted.write());
    if (!write.containsKey(ArrayOption.STRUCTURE.optionName())) {
      write.putIfAbsent(
          ArrayOption.SCAN_SHAPE.optionName(),
          LongStream.of(scan).mapToObj(Long::toString).collect(Collectors.joining(",")));
    }
    return write;
  }
}
