// SPDX-License-Identifier: Apache-2.0
import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.hdf5.Hdf5File;
import io.sparkarrays.swmr.DataSource;
import io.sparkarrays.swmr.FollowOptions;
import io.sparkarrays.swmr.Frame;
import io.sparkarrays.swmr.ScanFrames;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Follows the bench's writer, and prints for each frame its index, when it came, and its first pixel. */
final class SwmrFollow {

  private SwmrFollow() {}

  public static void main(String[] args) throws Exception {
    try (Hdf5File file = Hdf5File.open(Path.of(args[0]))) {
      Dataset data = file.dataset("/entry/data/data");
      FollowOptions options =
          FollowOptions.DEFAULTS
              .withTimeout(Duration.ofSeconds(Long.parseLong(args[1])))
              .withFinished(file.dataset("/entry/finished"));
      DataSource source =
          new DataSource(
              List.of(file.dataset("/entry/keys/key_1")), Map.of("data", data), options);
      System.out.println("ready");
      StringBuilder lines = new StringBuilder();
      while (source.hasNext()) {
        ScanFrames frames = source.next();
        Frame frame = frames.get("data");
        ByteBuffer pixels = frame.bytes();
        Instant now = Instant.now();
        long nanos = now.getEpochSecond() * 1_000_000_000L + now.getNano();
        int first = pixels.getShort(0) & 0xffff;
        lines.append(frames.index()).append(',').append(nanos).append(',').append(first).append('\n');
      }
      System.out.print(lines);
    }
  }
}
