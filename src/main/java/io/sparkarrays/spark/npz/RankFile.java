// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.npz;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An npz file, and the rank that wrote it, which its name tells: {@code ….rank-3.npz}.
 *
 * @param file its absolute path
 * @param rank the rank; -1 if the name tells none
 */
public record RankFile(String file, int rank) implements Serializable {

  private static final Pattern RANK = Pattern.compile("rank-(\\d{1,9})\\.npz$");

  /** Files of one set are in the order of their ranks, sets in the order of their names. */
  static final Comparator<RankFile> ORDER =
      Comparator.comparing(RankFile::set)
          .thenComparing(RankFile::rank)
          .thenComparing(RankFile::file);

  /** A file, with the rank that its name tells. */
  public static RankFile of(Path file) {
    Matcher name = RANK.matcher(file.getFileName().toString());
    return new RankFile(file.toString(), name.find() ? Integer.parseInt(name.group(1)) : -1);
  }

  private String set() {
    return RANK.matcher(file).replaceFirst("");
  }
}
