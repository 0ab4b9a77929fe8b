// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.app;

import io.sparkarrays.spark.catalog.FormatDetection;
import io.sparkarrays.spark.hosts.Hosts;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.source.ArrayFormat;
import io.sparkarrays.spark.source.Finding;
import io.sparkarrays.spark.source.StoredFile;
import io.sparkarrays.spark.source.StoredFiles;
import io.sparkarrays.spark.verify.Manifest;
import io.sparkarrays.spark.verify.Verification;
import io.sparkarrays.spark.verify.VerificationReport;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;

/** Checks every file of a data set on its host: presence, size, and checksums if wanted. */
final class VerifyCommand implements Command {

  private static final String FORMAT = "format";
  private static final String CHECKSUMS = "checksums";
  private static final String MANIFEST = "manifest";
  private static final String WRITE_MANIFEST = "write-manifest";
  private static final String HOSTS = "hosts";

  @Override
  public String name() {
    return "verify";
  }

  @Override
  public String arguments() {
    return "PATH [--checksums | --manifest FILE | --write-manifest FILE] [--hosts N]";
  }

  @Override
  public String summary() {
    return "check every partition on its host: presence, size, checksum";
  }

  @Override
  public String details() {
    return "Prints a line for all that is wrong. Changes nothing in PATH. A manifest is what"
        + " sha256sum writes,\nand sha256sum -c --ignore-missing checks it in the data set's"
        + " folder on any host.\nExit status: 0 all right, 1 something is wrong, 3 it could not"
        + " be told since hosts are silent or away.";
  }

  @Override
  public Options options() {
    return new Options()
        .addOption(null, CHECKSUMS, false, "read every byte, compare copies between hosts")
        .addOption(Arrays.option(MANIFEST, "FILE", "the same, and compare with this manifest"))
        .addOption(
            Arrays.option(
                WRITE_MANIFEST, "FILE", "the same, and write a manifest if nothing is wrong"))
        .addOption(
            Arrays.option(HOSTS, "N", "how many hosts the cluster has; with fewer, exit status 3"))
        .addOption(Arrays.option(FORMAT, "NAME", "the format, where it can't be told by looking"));
  }

  /** The command line, understood. */
  private record Wanted(
      String path,
      Optional<ArrayFormat> format,
      boolean checksums,
      Optional<Path> manifest,
      Optional<Path> writeManifest,
      int hosts) {}

  @Override
  public Job parse(CommandLine line) throws UsageException {
    Optional<Path> manifest = file(line, MANIFEST);
    Optional<Path> writeManifest = file(line, WRITE_MANIFEST);
    if (manifest.isPresent() && writeManifest.isPresent()) {
      throw new UsageException("--manifest and --write-manifest exclude each other");
    }
    Wanted wanted =
        new Wanted(
            Arrays.arguments(line, "PATH").get(0),
            Formats.named(Optional.ofNullable(line.getOptionValue(FORMAT))),
            line.hasOption(CHECKSUMS) || manifest.isPresent() || writeManifest.isPresent(),
            manifest,
            writeManifest,
            hosts(line));
    return session -> verify(session, wanted);
  }

  private static Optional<Path> file(CommandLine line, String option) {
    return Optional.ofNullable(line.getOptionValue(option)).map(Path::of);
  }

  private static int hosts(CommandLine line) throws UsageException {
    String text = line.getOptionValue(HOSTS, "1");
    if (!text.matches("[1-9]\\d{0,5}")) {
      throw new UsageException("--hosts " + text + ": not a number of hosts");
    }
    return Integer.parseInt(text);
  }

  private static Status verify(Session session, Wanted wanted) {
    SparkSession spark = session.spark();
    wanted.writeManifest().ifPresent(Manifest::requireNew);
    ReadOptions options = Formats.options(spark, wanted.path(), Map.of());
    Verification.Request request =
        new Verification.Request(
            wanted.hosts(),
            wanted.checksums(),
            wanted.manifest().map(Manifest::read),
            Hosts.timeout(spark));
    ArrayFormat format = wanted.format().orElseGet(() -> FormatDetection.at(spark, options));
    StoredFiles stored = format.stored(spark, options);
    LongAccumulator read = spark.sparkContext().longAccumulator();
    AtomicReference<VerificationReport> found = new AtomicReference<>();
    Runnable check = () -> found.set(Verification.of(spark, stored, request, read));
    if (wanted.checksums()) {
      Progress.during(session, "verify", read::sum, check);
    } else {
      check.run();
    }
    VerificationReport report = found.get();
    print(report, read.sum(), session.out());
    wanted
        .writeManifest()
        .ifPresent(
            file -> {
              if (report.isClean()) {
                report.manifest().write(file);
                session.out().println("wrote " + file);
              } else {
                session.out().println("did not write " + file);
              }
            });
    return status(report);
  }

  private static Status status(VerificationReport report) {
    if (report.problems() > 0) {
      return Status.FAILED;
    }
    return report.unknown() > 0 ? Status.UNKNOWN : Status.OK;
  }

  private static void print(VerificationReport report, long bytes, PrintStream out) {
    for (Finding finding : report.findings()) {
      String where = finding.file() + (finding.host().isEmpty() ? "" : " on " + finding.host());
      out.printf(
          Locale.ROOT,
          "%-10s %s%n",
          finding.kind().name().toLowerCase(Locale.ROOT),
          (where.isBlank() ? "" : where.strip() + ": ") + finding.text());
    }
    StoredFiles files = report.files();
    long copies = files.files().stream().map(StoredFile::copies).mapToLong(Map::size).sum();
    out.println(
        files.root()
            + ": "
            + Texts.count(files.files().size(), "file")
            + " in "
            + copies
            + (copies == 1 ? " copy" : " copies")
            + " on "
            + Texts.count(files.answered().size(), "host")
            + (report.read() > 0 ? ", " + Texts.size(bytes) + " read" : "")
            + ": "
            + verdict(report));
    for (String job : files.writes()) {
      out.println("a write is running or was interrupted: " + job);
    }
  }

  private static String verdict(VerificationReport report) {
    if (report.isClean()) {
      return "all right";
    }
    String unknown = report.unknown() == 0 ? "" : report.unknown() + " unknown";
    String problems = report.problems() == 0 ? "" : Texts.count(report.problems(), "problem");
    return problems + (problems.isEmpty() || unknown.isEmpty() ? "" : ", ") + unknown;
  }
}
