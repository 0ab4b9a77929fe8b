// SPDX-License-Identifier: Apache-2.0
import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.hdf5.Hdf5File;
import io.sparkarrays.swmr.DataSource;
import io.sparkarrays.swmr.FollowOptions;
import io.sparkarrays.swmr.ScanFrames;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Follows the bench's writer, and prints for each frame its index, when it came, and its first pixel. */
final class SwmrFollow {

  private SwmrFollow() {}

  public static void main(String[] args) throws Exception {
    // A follower runs for long, so what counts is how fast it is once its code is compiled.
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < 3_000_000_000L) {
      follow(args[2], args[1], false);
    }
    System.out.print(follow(args[0], args[1], true));
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
      }
    }
    return lines;
  }
}
