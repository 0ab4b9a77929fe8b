// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

/**
 * One thing that is wrong with the files of a data set, or that could not be told.
 *
 * @param kind what sort of thing
 * @param file the file's name in the data set's folder; empty if it is no single file
 * @param host the host that it is on; empty if it is on none, or no single one
 * @param text what was found and what was expected, without a full stop
 */
public record Finding(Kind kind, String file, String host, String text) {

  /** Sorts of findings; their names in lower case begin the lines that people read. */
  public enum Kind {
    /** The metadata beside the files is damaged, missing, or not the same on all hosts. */
    SIDECAR,
    /** Something lies in the data set's folder that is no part of it. */
    STRAY,
    /** No host has the file. */
    ABSENT,
    /** The file has another size than its frames need, or is no file. */
    SIZE,
    /** The file's bytes are not those that the manifest tells. */
    CHECKSUM,
    /** Two hosts have copies of the file that differ. */
    COPIES,
    /** The manifest has no line for the file. */
    UNLISTED,
    /** The operating system refused to list or read. */
    UNREADABLE,
    /** Not a fault, but what can't be known now, because a host is silent for instance. */
    UNKNOWN
  }

  /** Whether something is wrong, and not just unknown. */
  public boolean isProblem() {
    return kind != Kind.UNKNOWN;
  }
}
