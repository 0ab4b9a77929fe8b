// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.verify;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * SHA-256 checksums of a data set's files by name, as {@code sha256sum} writes them and {@code
 * sha256sum -c} checks them in the data set's folder. Immutable.
 *
 * @param digests the checksums in lower-case hexadecimal, by the file's name in that folder
 */
public record Manifest(SortedMap<String, String> digests) {

  private static final Pattern LINE = Pattern.compile("([0-9a-fA-F]{64}) [ *](?:\\./)?(.+)");

  /** Copies the map. */
  public Manifest {
    digests = Collections.unmodifiableSortedMap(new TreeMap<>(digests));
  }

  /**
   * Reads one; empty lines are passed over.
   *
   * @throws ArrayException {@code PATH_NOT_FOUND}, {@code MANIFEST_INVALID}, {@code IO_FAILED}
   */
  public static Manifest read(Path file) {
    SortedMap<String, String> digests = new TreeMap<>();
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          add(digests, line, file + ", line " + number);
        }
      }
    } catch (NoSuchFileException e) {
      throw new ArrayException(
          ErrorCode.PATH_NOT_FOUND,
          file,
          "there is no such manifest on the driver's host",
          "Write one first with --write-manifest",
          e);
    } catch (CharacterCodingException e) {
      throw invalid(file, "it is not text in UTF-8", e);
    } catch (IOException e) {
      throw new ArrayException(
          ErrorCode.IO_FAILED, file, "reading the manifest: " + e, "Look at that file", e);
    }
    if (digests.isEmpty()) {
      throw invalid(file, "it has no line", null);
    }
    return new Manifest(digests);
  }

  private static void add(SortedMap<String, String> digests, String line, String where) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      throw invalid(where, "it is not 64 hexadecimal digits, two spaces and a name", null);
    }
    String digest = matcher.group(1).toLowerCase(Locale.ROOT);
    String before = digests.put(matcher.group(2), digest);
    if (before != null && !before.equals(digest)) {
      throw invalid(where, matcher.group(2) + " has had another checksum before", null);
    }
  }

  private static ArrayException invalid(Object where, String problem, Exception cause) {
    return new ArrayException(
        ErrorCode.MANIFEST_INVALID,
        where,
        problem,
        "Give a file that sha256sum or --write-manifest has written",
        cause);
  }

  /**
   * Writes it to a new file, which appears whole.
   *
   * @throws ArrayException {@code OPTION_INVALID} if there is a file of this name; {@code
   *     IO_FAILED}
   */
  public void write(Path file) {
    requireNew(file);
    Path absolute = file.toAbsolutePath();
    Path temp =
        absolute.resolveSibling("." + absolute.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      try {
        try (BufferedWriter out = Files.newBufferedWriter(temp)) {
          for (Map.Entry<String, String> line : digests.entrySet()) {
            out.write(line.getValue() + "  " + line.getKey() + "\n");
          }
        }
        // A link, unlike a rename, replaces nothing.
        Files.createLink(absolute, temp);
      } catch (UnsupportedOperationException e) {
        Files.move(temp, absolute);
      } finally {
        Files.deleteIfExists(temp);
      }
    } catch (FileAlreadyExistsException e) {
      throw standing(file, e);
    } catch (IOException e) {
      throw new ArrayException(
          ErrorCode.IO_FAILED, file, "writing the manifest: " + e, "Look at that folder", e);
    }
  }

  /**
   * Refuses a file that is there, before the work of making a manifest is done.
   *
   * @throws ArrayException {@code OPTION_INVALID}
   */
  public static void requireNew(Path file) {
    if (Files.exists(file)) {
      throw standing(file, null);
    }
  }

  private static ArrayException standing(Path file, Exception cause) {
    return new ArrayException(
        ErrorCode.OPTION_INVALID,
        file,
        "a file is there, and a manifest replaces nothing",
        "Check against it with --manifest, or remove it first",
        cause);
  }
}
