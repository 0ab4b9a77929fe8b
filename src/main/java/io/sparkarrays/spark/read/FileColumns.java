// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.spark.source.FrameRange;
import io.sparkarrays.spark.source.FrameSource;
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
    return new FileColumns(source.description(), source.files().ranges());
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
          case PARTITION, OFFSET -> throw new IllegalArgumentException(which + " is a number");
        });
  }

  /** {@code _partition}. */
  WholeColumn partition() {
    long extent = 1 + ranges.stream().mapToLong(FrameRange::partition).max().orElse(-1);
    return new WholeColumn() {
      @Override
      public long extent() {
        return extent;
      }

      @Override
      public Optional<FrameIntervals> frames(FrameIntervals values) {
        return Optional.of(where(range -> values.contains(range.partition())));
      }
    };
  }

  /** {@code _offset}. */
  WholeColumn offset() {
    long extent = ranges.stream().mapToLong(FrameRange::frames).max().orElse(0);
    return new WholeColumn() {
      @Override
      public long extent() {
        return extent;
      }

      @Override
      public Optional<FrameIntervals> frames(FrameIntervals values) {
        if ((long) values.size() * ranges.size() > MAX_INTERVALS) {
          return Optional.empty();
        }
        FrameIntervals.Builder frames = new FrameIntervals.Builder();
        for (FrameRange range : ranges) {
          FrameIntervals inside = values.within(0, range.frames());
          for (int i = 0; i < inside.size(); i++) {
            frames.add(range.from() + inside.from(i), range.from() + inside.to(i));
          }
        }
        return Optional.of(frames.build());
      }
    };
  }
}
