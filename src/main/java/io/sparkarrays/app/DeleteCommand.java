// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.app;

import io.sparkarrays.spark.clusterdata.ClusterDataSets;
import java.io.PrintStream;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeSet;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** Deletes partitions of a data set on every host that has them. */
final class DeleteCommand implements Command {

  private static final String PARTITIONS = "partitions";

  @Override
  public String name() {
    return "delete";
  }

  @Override
  public String arguments() {
    return "PATH --partitions LIST";
  }

  @Override
  public String summary() {
    return "delete partitions on every host that has them";
  }

  @Override
  public String details() {
    return "LIST has indexes and ranges, both ends included: 1,5-7. Partitions that no host has are"
        + " passed over.\nStops without deleting if a host of the cluster does not answer. Let no"
        + " write to PATH run meanwhile.";
  }

  @Override
  public Options options() {
    return new Options().addOption(Arrays.option(PARTITIONS, "LIST", "partitions to delete"));
  }

  @Override
  public Job parse(CommandLine line) throws UsageException {
    String path = Arrays.arguments(line, "PATH").get(0);
    if (!line.hasOption(PARTITIONS)) {
      throw new UsageException("option --partitions is missing, such as --partitions 1,5-7");
    }
    int[] partitions = Indexes.parse(String.join(",", line.getOptionValues(PARTITIONS)));
    return session -> {
      print(ClusterDataSets.delete(session.spark(), path, partitions), partitions, session.out());
      return Status.OK;
    };
  }

  private static void print(
      SortedMap<String, List<Integer>> deleted, int[] asked, PrintStream out) {
    deleted.forEach(
        (host, partitions) -> out.println(host + ": deleted " + Indexes.format(partitions)));
    TreeSet<Integer> nowhere = new TreeSet<>();
    for (int index : asked) {
      nowhere.add(index);
    }
    deleted.values().forEach(nowhere::removeAll);
    if (!nowhere.isEmpty()) {
      out.println("No host had " + Indexes.format(nowhere));
    }
  }
}
