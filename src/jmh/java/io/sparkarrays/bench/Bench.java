// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.bench;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/**
 * Runs the benchmarks that the command line chooses (all, if none) with JMH's own options, then
 * prints each score as a ratio to the method {@code peer} of the same class and parameters: figures
 * of one machine say little, ratios measured side by side say what is ours.
 */
public final class Bench {

  private static final String PEER = "peer";

  private Bench() {}

  /** Takes JMH's command line. */
  public static void main(String[] args) throws RunnerException, CommandLineOptionException {
    Collection<RunResult> results = new Runner(new CommandLineOptions(args)).run();
    Map<String, Double> peers = new TreeMap<>();
    for (RunResult result : results) {
      if (method(result.getParams()).equals(PEER)) {
        peers.put(setting(result.getParams()), result.getPrimaryResult().getScore());
      }
    }
    System.out.println();
    for (RunResult result : results) {
      String setting = setting(result.getParams());
      String name = method(result.getParams());
      if (!name.equals(PEER) && peers.containsKey(setting)) {
        System.out.printf(
            "%s, %s: %.2f × %s%n",
            setting, name, result.getPrimaryResult().getScore() / peers.get(setting), PEER);
      }
    }
  }

  private static String method(BenchmarkParams params) {
    String name = params.getBenchmark();
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /** The class and its parameters: what two methods must share to be compared. */
  private static String setting(BenchmarkParams params) {
    String name = params.getBenchmark();
    String type = name.substring(0, name.lastIndexOf('.'));
    StringBuilder text = new StringBuilder(type.substring(type.lastIndexOf('.') + 1));
    for (String key : params.getParamsKeys()) {
      text.append(' ').append(key).append('=').append(params.getParam(key));
    }
    return text.toString();
  }
}
