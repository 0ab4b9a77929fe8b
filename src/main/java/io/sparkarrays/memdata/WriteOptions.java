// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

/**
 * How a file is written. Immutable: each setting gives a new one.
 *
 * @param mode {@code w} replaces a file, {@code w-} refuses to, {@code a} adds to it
 * @param hints whether attributes say which data sets were spread over the cluster
 * @param convertDatasetStrings whether Unicode texts of data sets become bytes; it is an error if
 *     there are such and this is false
 * @param convertAttributeStrings whether texts of attributes become what files hold
 * @param format null to guess it from the name
 * @param lock how the right to make the file is taken
 */
public record WriteOptions(
    String mode,
    boolean hints,
    boolean convertDatasetStrings,
    boolean convertAttributeStrings,
    FileFormat format,
    LockFile.Options lock) {

  /** Replaces a file. */
  public static final WriteOptions DEFAULT =
      new WriteOptions("w", true, false, true, null, LockFile.Options.DEFAULT);

  /** Says what becomes of a file that is there. */
  public WriteOptions mode(String which) {
    return new WriteOptions(
        which, hints, convertDatasetStrings, convertAttributeStrings, format, lock);
  }

  /** Writes hints or not. */
  public WriteOptions hints(boolean write) {
    return new WriteOptions(
        mode, write, convertDatasetStrings, convertAttributeStrings, format, lock);
  }

  /** Converts texts of data sets or not, and of attributes. */
  public WriteOptions convertStrings(boolean datasets, boolean attributes) {
    return new WriteOptions(mode, hints, datasets, attributes, format, lock);
  }

  /** Says the format. */
  public WriteOptions format(FileFormat which) {
    return new WriteOptions(
        mode, hints, convertDatasetStrings, convertAttributeStrings, which, lock);
  }

  /** Says how the lock is taken. */
  public WriteOptions lock(LockFile.Options how) {
    return new WriteOptions(
        mode, hints, convertDatasetStrings, convertAttributeStrings, format, how);
  }
}
