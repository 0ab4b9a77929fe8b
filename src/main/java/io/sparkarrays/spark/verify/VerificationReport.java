// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.verify;

import io.sparkarrays.spark.source.Finding;
import io.sparkarrays.spark.source.StoredFiles;
import java.util.List;

/**
 * What a verification found.
 *
 * @param files the files that were looked for
 * @param findings what is wrong or could not be told, in the order of the files
 * @param read how many copies were read whole; 0 if no checksums were wanted
 * @param manifest the checksums of all files that were read, of one copy each
 */
public record VerificationReport(
    StoredFiles files, List<Finding> findings, int read, Manifest manifest) {

  /** Copies the list. */
  public VerificationReport {
    findings = List.copyOf(findings);
  }

  /** How many things are wrong. */
  public long problems() {
    return findings.stream().filter(Finding::isProblem).count();
  }

  /** How many things could not be told. */
  public long unknown() {
    return findings.size() - problems();
  }

  /** Whether all is known and nothing is wrong. */
  public boolean isClean() {
    return findings.isEmpty();
  }
}
