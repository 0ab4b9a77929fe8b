// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.spark.source.FrameRange;
import io.sparkarrays.spark.source.FrameSource;
import io.sparkarrays.spark.source.MetadataField;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The metadata columns as sets of frames: each is the same for a file, or counts its frames.
 *
 * @param dataset value of {@code _dataset}
 * @param ranges the data set's files, sorted by their first frame
 */
record FileColumns(String dataset, List<FrameRange> ranges) {

  /** The metadata columns of a data set. This may ask the hosts where the files are. */
  static FileColumns of(FrameSource source) {
    return new FileColumns(source.dataset(), source.files().ranges());
  }

  /** The frames of the files that pass a test. */
  FrameIntervals where(Predicate<FrameRange> test) {
    FrameIntervals.Builder frames = new FrameIntervals.Builder();
    for (FrameRange range : ranges) {
      if (test.test(range)) {
        frames.add(range.from(), range.to());
      }
    }
    return frames.build();
  }

  /** The value of {@code _file} or {@code _dataset} in a file. */
  UTF8String text(MetadataField which, FrameRange range) {
    return UTF8String.fromString(
        switch (which) {
          case FILE -> range.file();
          case DATASET -> dataset;
          case PARTITION, OFFSET, SOURCE, STATS, BYTES, REFERENCE, COORDS ->
              throw new IllegalArgumentException(which + " is no text");
        });
  }

  /** What Spark keeps for a metadata column that is the same for all frames of a file. */
  Object value(MetadataField which, FrameRange range) {
    return which == MetadataField.PARTITION ? (Object) range.partition() : text(which, range);
  }

  /** {@code _partition}. */
  WholeColumn partition() {
    return new PartitionColumn(this);
  }

  /** {@code _offset}. */
  WholeColumn offset() {
    return new OffsetColumn(this);
  }

  private record PartitionColumn(FileColumns files) implements WholeColumn {
    @Override
    public long extent() {
      return 1 + files.ranges.stream().mapToLong(FrameRange::partition).max().orElse(-1);
    }

    @Override
    public long pieces() {
      return files.ranges.size();
    }

    @Override
    public Optional<FrameIntervals> frames(FrameIntervals values) {
      return Optional.of(files.where(range -> values.contains(range.partition())));
    }
  }

  private record OffsetColumn(FileColumns files) implements WholeColumn {
    @Override
    public long extent() {
      return files.ranges.stream().mapToLong(FrameRange::frames).max().orElse(0);
    }

    @Override
    public long pieces() {
      return files.ranges.size();
    }

    @Override
    public Optional<FrameIntervals> frames(FrameIntervals values) {
      if (values.size() * pieces() > MAX_INTERVALS) {
        return Optional.empty();
      }
      FrameIntervals.Builder frames = new FrameIntervals.Builder();
      for (FrameRange range : files.ranges) {
        FrameIntervals inside = values.within(0, range.frames());
        for (int i = 0; i < inside.size(); i++) {
          frames.add(range.from() + inside.from(i), range.from() + inside.to(i));
        }
      }
      return Optional.of(frames.build());
    }
  }
}
