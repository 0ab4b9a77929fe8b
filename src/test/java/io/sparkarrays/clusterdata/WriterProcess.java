// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.clusterdata;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Another process that creates the sample data set, publishes partition 0, writes half of partition
 * 1, and then waits, with the handle open, until it is killed or its input ends.
 */
final class WriterProcess implements AutoCloseable {

  private final Process process;

  private WriterProcess(Process process) {
    this.process = process;
  }

  /** Returns when the process waits. */
  static WriterProcess start(Path base, String umask) throws IOException {
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                "umask " + umask + " && exec \"$0\" -Xmx64m -cp \"$1\" \"$2\" \"$3\"",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                System.getProperty("java.class.path"),
                WriterProcess.class.getName(),
                base.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    if (!"waiting".equals(output.readLine())) {
      process.destroyForcibly();
      throw new IOException("the writer did not come up");
    }
    return new WriterProcess(process);
  }

  /** Kills the process as {@code kill -9} does, and waits until it is gone. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }

  /** What the process runs. */
  public static void main(String[] args) throws IOException {
    ClusterDataSet dataSet = ClusterDataSet.create(Path.of(args[0]), Samples.STRUCTURE);
    Samples.fill(dataSet.partition(0));
    try (PartitionWriter handle = dataSet.partition(1).write()) {
      handle.writeNext(Samples.frames(4, 6));
      System.out.println("waiting");
      if (System.in.read() >= 0) {
        handle.commit();
      }
    }
  }
}
