// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.verify;

import io.sparkarrays.spark.source.Finding;
import io.sparkarrays.spark.source.Finding.Kind;
import io.sparkarrays.spark.source.StoredFile;
import io.sparkarrays.spark.source.StoredFiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;

/** Checks every copy of every file of a data set on its host. Writes and creates nothing. */
public final class Verification {

  /**
   * What is to be checked beside presence and size.
   *
   * @param hosts how many hosts the cluster has; while fewer answer, what no host has is unknown
   *     rather than absent
   * @param checksums whether to read every byte; without a manifest that compares copies and finds
   *     what can't be read
   * @param manifest the checksums to expect
   * @param patience how long to wait for a host that does nothing
   */
  public record Request(
      int hosts, boolean checksums, Optional<Manifest> manifest, Duration patience) {}

  private final StoredFiles stored;
  private final Request request;
  private final List<Finding> findings;
  private final SortedMap<String, String> digests = new TreeMap<>();

  private Verification(StoredFiles stored, Request request) {
    this.stored = stored;
    this.request = request;
    this.findings = new ArrayList<>(stored.findings());
  }

  /**
   * Checks.
   *
   * @param stored the files as the hosts have them
   * @param read counts bytes read, as tasks end
   */
  public static VerificationReport of(
      SparkSession spark, StoredFiles stored, Request request, LongAccumulator read) {
    Verification verification = new Verification(stored, request);
    verification.checkHosts();
    List<FileCopy> copies = verification.checkPresenceAndSizes();
    Map<FileCopy, Checksum> checksums = Map.of();
    if (request.checksums()) {
      checksums = Checksums.of(spark, stored.root(), copies, request.patience(), read);
      verification.checkContents(copies, checksums);
    }
    return new VerificationReport(
        stored, verification.findings, checksums.size(), new Manifest(verification.digests));
  }

  private void checkHosts() {
    for (String host : stored.silent()) {
      add(Kind.UNKNOWN, "", host, "no answer, what it has is unknown");
    }
    int known = stored.answered().size() + stored.silent().size();
    if (known < request.hosts()) {
      add(Kind.UNKNOWN, "", "", "only " + known + " of " + request.hosts() + " hosts are there");
    }
  }

  /** Whether every host that may have a file was heard. */
  private boolean complete() {
    return stored.silent().isEmpty() && stored.answered().size() >= request.hosts();
  }

  /** Returns the copies that are worth reading. */
  private List<FileCopy> checkPresenceAndSizes() {
    List<FileCopy> copies = new ArrayList<>();
    for (StoredFile file : stored.files()) {
      if (file.copies().isEmpty()) {
        add(
            complete() ? Kind.ABSENT : Kind.UNKNOWN,
            file.name(),
            "",
            file.title() + " is on no host that answered: " + String.join(", ", stored.answered()));
      }
      file.copies()
          .forEach(
              (host, size) -> {
                if (file.hasItsSize(host)) {
                  copies.add(new FileCopy(host, file.name(), size));
                } else {
                  add(Kind.SIZE, file.name(), host, wrongSize(file, size));
                }
              });
    }
    return copies;
  }

  private static String wrongSize(StoredFile file, long size) {
    return size == StoredFile.NOT_A_FILE
        ? "it is no file, " + file.title() + " should be there"
        : size + " bytes where " + file.title() + " needs " + file.bytes();
  }

  private void checkContents(List<FileCopy> copies, Map<FileCopy, Checksum> checksums) {
    Map<String, List<FileCopy>> byName =
        copies.stream().collect(Collectors.groupingBy(FileCopy::name));
    for (StoredFile file : stored.files()) {
      SortedMap<String, String> read = new TreeMap<>();
      for (FileCopy copy : byName.getOrDefault(file.name(), List.of())) {
        Checksum checksum = checksums.get(copy);
        if (checksum == null) {
          add(Kind.UNKNOWN, file.name(), copy.host(), "its host did not read it in time");
        } else if (checksum.fault() != null) {
          add(Kind.UNREADABLE, file.name(), copy.host(), checksum.fault());
        } else {
          read.put(copy.host(), checksum.sha256());
        }
      }
      if (request.manifest().isPresent()) {
        compareWithManifest(file, read, request.manifest().get());
      } else {
        compareCopies(file, read);
      }
      read.values().stream().findFirst().ifPresent(d -> digests.put(file.name(), d));
    }
    request.manifest().ifPresent(this::findListedElsewhere);
  }

  private void compareWithManifest(
      StoredFile file, SortedMap<String, String> read, Manifest manifest) {
    String expected = manifest.digests().get(file.name());
    if (expected == null) {
      add(Kind.UNLISTED, file.name(), "", file.title() + " is not in the manifest");
      compareCopies(file, read);
      return;
    }
    read.forEach(
        (host, sha256) -> {
          if (!sha256.equals(expected)) {
            add(
                Kind.CHECKSUM,
                file.name(),
                host,
                file.title() + " has SHA-256 " + sha256 + ", the manifest " + expected);
          }
        });
  }

  private void compareCopies(StoredFile file, SortedMap<String, String> read) {
    if (new TreeSet<>(read.values()).size() > 1) {
      add(
          Kind.COPIES,
          file.name(),
          "",
          file.title()
              + " differs between hosts: "
              + read.entrySet().stream()
                  .map(copy -> copy.getKey() + " has SHA-256 " + copy.getValue())
                  .collect(Collectors.joining(", ")));
    }
  }

  private void findListedElsewhere(Manifest manifest) {
    TreeSet<String> others = new TreeSet<>(manifest.digests().keySet());
    stored.files().forEach(file -> others.remove(file.name()));
    for (String name : others) {
      add(Kind.ABSENT, name, "", "the manifest lists it, but it is no file of this data set");
    }
  }

  private void add(Kind kind, String file, String host, String text) {
    findings.add(new Finding(kind, file, host, text));
  }
}
