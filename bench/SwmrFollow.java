// SPDX-License-Identifier: Apache-2.0
import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.hdf5.Hdf5File;
import io.sparkarrays.swmr.DataSource;
import io.sparkarrays.swmr.FollowOptions;
import io.sparkarrays.swmr.KeyFollower;
import io.sparkarrays.swmr.ScanFrames;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Follows the bench's writers, and prints for each frame its index, when it came, and its first
 * pixel. A line of standard input names a scan, a timeout, and a scan that is complete.
 */
final class SwmrFollow {

  private SwmrFollow() {}

  public static void main(String[] args) throws Exception {
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    if (args.length == 1) {
      poll(args[0], input);
      return;
    }
    long warm = 3_000_000_000L;
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      String[] words = line.split(" ");
      // A follower runs for long, so what counts is how fast it is once its code is compiled.
      long begin = System.nanoTime();
      do {
        follow(words[2], words[1], false);
      } while (System.nanoTime() - begin < warm);
      warm = 1_000_000_000L;
      System.out.print(follow(words[0], words[1], true));
      System.out.println("done");
    }
  }

  private static StringBuilder follow(String path, String timeout, boolean isScan)
      throws Exception {
    StringBuilder lines = new StringBuilder();
    try (Hdf5File file = Hdf5File.open(Path.of(path))) {
      Dataset data = file.dataset("/entry/data/data");
      FollowOptions options =
          FollowOptions.DEFAULTS
              .withTimeout(Duration.ofSeconds(Long.parseLong(timeout)))
              .withFinished(file.dataset("/entry/finished"));
      DataSource source =
          new DataSource(
              List.of(file.dataset("/entry/keys/key_1")), Map.of("data", data), options);
      if (isScan) {
        System.out.println("ready");
      }
      while (source.hasNext()) {
        ScanFrames frames = source.next();
        Instant now = Instant.now();
        long nanos = now.getEpochSecond() * 1_000_000_000L + now.getNano();
        int first = frames.get("data").bytes().getShort(0) & 0xffff;
        lines.append(frames.index()).append(',').append(nanos).append(',').append(first);
        lines.append('\n');
        source.recycle(frames);
      }
    }
    return lines;
  }

  /** Prints after each line of input how long a look took, and the last key that it found. */
  private static void poll(String path, BufferedReader input) throws Exception {
    try (Hdf5File file = Hdf5File.open(Path.of(path))) {
      KeyFollower keys = new KeyFollower(List.of(file.dataset("/keys")));
      while (input.readLine() != null) {
        long begin = System.nanoTime();
        keys.refresh();
        System.out.println(System.nanoTime() - begin + " " + keys.getCurrentMax());
      }
    }
  }
}
