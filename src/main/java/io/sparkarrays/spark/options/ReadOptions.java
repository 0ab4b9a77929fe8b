// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.options;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the user asked of a read; {@link ArrayOption} tells what each means.
 *
 * @param paths the absolute paths of the data set or its files, normalised; URIs of file systems
 *     where the format reads these
 * @param dims names for the scan's dimensions
 * @param metadataColumns names of the metadata columns that aren't hidden
 * @param frames form of a frame
 * @param signed whether unsigned integers keep their width
 * @param region text of a box inside the frame
 * @param maxPartitionBytes upper bound of stored bytes a task, a frame at least
 * @param taskEachFile whether each file, or rank in one, is read by a task of its own
 * @param batchBytes bytes a columnar batch, a frame at least
 * @param missing what to do where frames are missing
 * @param verify whether checksums in files are checked
 * @param pruning where the rows of ranks lie, if ranks may be passed over by that
 * @param mode how named arrays make a table
 * @param values form of an array's values in entries
 * @param datasets names of the arrays to read
 * @param dataset the name of the one array to read
 * @param scanRank how many dimensions are the scan's
 * @param records form of records
 * @param sources which other files a file may lead to
 * @param virtualExtent how far virtual data sets reach
 * @param reader who reads elements
 * @param hostsTimeout how long the cluster's hosts have to answer
 */
public record ReadOptions(
    List<String> paths,
    Optional<List<String>> dims,
    List<String> metadataColumns,
    FrameForm frames,
    boolean signed,
    Optional<String> region,
    long maxPartitionBytes,
    boolean taskEachFile,
    long batchBytes,
    MissingMode missing,
    boolean verify,
    Optional<BoxPruning> pruning,
    ArrayMode mode,
    EntryValues values,
    Optional<List<String>> datasets,
    Optional<String> dataset,
    OptionalInt scanRank,
    RecordForm records,
    SourceFiles sources,
    VirtualExtent virtualExtent,
    DataReading reader,
    Duration hostsTimeout) {

  /** Default of {@code hostsTimeout}. */
  static final Duration HOSTS_TIMEOUT = Duration.ofSeconds(30);

  /**
   * The only path, for formats that read one.
   *
   * @throws io.sparkarrays.core.ArrayException {@code OPTION_INVALID} if there are several
   */
  public String path() {
    return PathOption.only(paths);
  }

  private enum Unsigned {
    WIDEN,
    SIGNED
  }

  private enum Splits {
    PACKED,
    FILES
  }

  private enum Verify {
    BLOCK,
    OFF
  }

  /**
   * The options of a map whose keys are compared without regard to case.
   *
   * @throws io.sparkarrays.core.ArrayException {@code OPTION_INVALID}, {@code OPTION_MISSING}
   */
  public static ReadOptions of(Map<String, String> values) {
    return of(values, PathScope.HOSTS);
  }

  /** As {@link #of(Map)}, of a format whose files may be elsewhere, too. */
  public static ReadOptions of(Map<String, String> values, PathScope scope) {
    Options options = new Options(values);
    options.warnOfUnknown();
    return new ReadOptions(
        PathOption.all(values, scope),
        options.list(ArrayOption.DIMS),
        options.list(ArrayOption.METADATA_COLUMNS).orElse(List.of()),
        options.choice(ArrayOption.FRAMES, FrameForm.ARRAY),
        options.choice(ArrayOption.UNSIGNED, Unsigned.WIDEN) == Unsigned.SIGNED,
        options.text(ArrayOption.REGION),
        options.bytes(ArrayOption.MAX_PARTITION_BYTES, 128L << 20),
        options.choice(ArrayOption.SPLITS, Splits.PACKED) == Splits.FILES,
        options.bytes(ArrayOption.BATCH_BYTES, 8L << 20),
        options.choice(ArrayOption.MISSING, MissingMode.FAIL),
        options.choice(ArrayOption.VERIFY, Verify.BLOCK) == Verify.BLOCK,
        BoxPruning.of(options),
        options.choice(ArrayOption.MODE, ArrayMode.ENTRIES),
        options.choice(ArrayOption.AS, EntryValues.BINARY),
        options.list(ArrayOption.DATASETS),
        options.text(ArrayOption.DATASET),
        options.rank(ArrayOption.SCAN_RANK),
        options.choice(ArrayOption.RECORDS, RecordForm.STRUCT),
        options.choice(ArrayOption.SOURCES, SourceFiles.ANY),
        VirtualExtent.of(options),
        options.choice(ArrayOption.READER, DataReading.AUTO),
        options.duration(ArrayOption.HOSTS_TIMEOUT, HOSTS_TIMEOUT));
  }
}
