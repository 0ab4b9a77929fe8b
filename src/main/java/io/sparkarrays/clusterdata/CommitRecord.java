// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.clusterdata;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one write job publishes, and where. A copy lies beside the data set on every host that takes
 * part, so that whoever comes after a crash can finish what was begun.
 *
 * @param swap whether the staged data set takes the place of the old one as a whole; otherwise its
 *     partitions are moved into the one that stands
 * @param partitions the partitions that each host publishes, an empty list for a host that only
 *     gives up older ones
 */
public record CommitRecord(boolean swap, SortedMap<String, List<Integer>> partitions)
    implements Serializable {

  private static final ObjectMapper JSON =
      new ObjectMapper().disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);

  /** A longer record is refused: this one names about six million partitions. */
  private static final int MAX_BYTES = 64 << 20;

  /** Keeps its own copy. */
  public CommitRecord {
    partitions = new TreeMap<>(partitions);
  }

  /** The partitions that a host publishes. */
  public List<Integer> of(String host) {
    return partitions.getOrDefault(host, List.of());
  }

  /** The partitions that any other host publishes. */
  public List<Integer> ofOthers(String host) {
    List<Integer> others = new ArrayList<>();
    partitions.forEach(
        (other, list) -> {
          if (!other.equals(host)) {
            others.addAll(list);
          }
        });
    return others;
  }

  String toJson() throws IOException {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("version", 1);
    fields.put("swap", swap);
    fields.put("partitions", partitions);
    return JSON.writeValueAsString(fields);
  }

  /** Reads a record's file, which must be one: opening a pipe would wait for a writer for ever. */
  static CommitRecord read(Path path) throws IOException {
    try {
      if (!Files.isRegularFile(path)) {
        throw new IOException("it is no file");
      }
      if (Files.size(path) > MAX_BYTES) {
        throw new IOException("it is longer than 64 MiB");
      }
      return parse(Files.readString(path), path);
    } catch (MalformedInputException e) {
      throw unreadable(path, "it is not UTF-8 text", e);
    } catch (IOException e) {
      throw unreadable(path, e.getMessage(), e);
    }
  }

  static CommitRecord parse(String json, Object where) {
    try {
      Map<String, Object> fields = JSON.readValue(json, new TypeReference<>() {});
      if (fields == null) {
        throw new IOException("it is empty");
      }
      if (!Integer.valueOf(1).equals(fields.get("version"))) {
        throw new IOException("version " + fields.get("version"));
      }
      if (!(fields.get("swap") instanceof Boolean swap)) {
        throw new IOException("'swap' is not true or false");
      }
      TreeMap<String, List<Integer>> partitions =
          JSON.convertValue(
              fields.get("partitions"), new TypeReference<TreeMap<String, List<Integer>>>() {});
      if (partitions == null || !partitions.values().stream().allMatch(CommitRecord::areNumbers)) {
        throw new IOException("'partitions' holds no lists of partition numbers");
      }
      return new CommitRecord(swap, partitions);
    } catch (IOException | IllegalArgumentException e) {
      throw unreadable(where, e.getMessage(), e);
    }
  }

  private static boolean areNumbers(List<Integer> partitions) {
    return partitions != null && partitions.stream().allMatch(p -> p != null && p >= 0);
  }

  private static ArrayException unreadable(Object where, String problem, Exception cause) {
    return new ArrayException(
        ErrorCode.COMMIT_FAILED,
        where,
        "the record of an interrupted write can't be read: " + problem,
        "Look at the hidden folders beside the data set, and remove those of this job by hand",
        cause);
  }
}
