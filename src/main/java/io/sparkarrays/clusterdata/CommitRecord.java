// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.clusterdata;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.io.IOException;
import java.io.Serializable;
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

  private static final ObjectMapper JSON = new ObjectMapper();

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

  static CommitRecord parse(String json, Object where) {
    try {
      Map<String, Object> fields = JSON.readValue(json, new TypeReference<>() {});
      if (!Integer.valueOf(1).equals(fields.get("version"))) {
        throw new IOException("version " + fields.get("version"));
      }
      return new CommitRecord(
          (Boolean) fields.get("swap"),
          JSON.convertValue(
              fields.get("partitions"), new TypeReference<TreeMap<String, List<Integer>>>() {}));
    } catch (IOException | ClassCastException | IllegalArgumentException e) {
      throw new ArrayException(
          ErrorCode.COMMIT_FAILED,
          where,
          "the record of an interrupted write can't be read: " + e.getMessage(),
          "Look at the hidden folders beside the data set, and remove those of this job by hand",
          e);
    }
  }
}
