// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.options;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Every option that there is: its name, what it is for and its default. {@code docs/options.md} has
 * the same table; a test keeps the two equal.
 */
public enum ArrayOption {
  /** Where the data set is. */
  PATH(
      Scope.BOTH,
      "",
      "absolute path of the data set, the same on every host; of files also a folder, a glob, or"
          + " several paths; in hdf5 also URIs: hdfs://namenode/data/run.h5"),
  /** The array to read. */
  DATASET(
      Scope.BOTH,
      "the only one",
      "the array to read, or to write in hdf5: /entry/data; of several columns the group that takes"
          + " an array each; {file} in it stands for the name of the file that rows are of, by"
          + " their column _file"),
  /** How many dimensions are the scan's. */
  SCAN_RANK(
      Scope.READ,
      "1; of arrays of three and more dimensions all but two",
      "how many of an array's leading dimensions are the scan, whose positions are rows"),
  /** Names of the scan's dimensions. */
  DIMS(Scope.BOTH, "scan_0,scan_1,…", "names of the scan's columns, outermost first"),
  /** Metadata columns that are no longer hidden. */
  METADATA_COLUMNS(
      Scope.READ,
      "",
      "metadata columns that become ordinary ones, which views have too: _file,_dataset,_offset,"
          + "_partition,_stats"),
  /** The form of frames. */
  FRAMES(
      Scope.READ,
      "array",
      "form of a frame: array (flat, row-major), nested (an array a dimension) or binary"
          + " (little-endian, C order)"),
  /** What becomes of unsigned integers. */
  UNSIGNED(
      Scope.READ,
      "widen",
      "unsigned integers: widen (the next wider type, uint64 as DECIMAL(20,0)) or signed (the same"
          + " width, as two's complement)"),
  /** A box inside the frame. */
  REGION(Scope.READ, "", "box of each frame to read, a slice a dimension: 10:20,30:60"),
  /** The largest split. */
  MAX_PARTITION_BYTES(
      Scope.READ,
      "128m",
      "at most so many stored bytes a task: larger files are cut, small ones packed"),
  /** How files make tasks. */
  SPLITS(
      Scope.READ,
      "packed",
      "the tasks of a read: packed (of about equal size: large files are cut, small ones share a"
          + " task) or files (one for each file, or rank in a file, in their order and without rows"
          + " too)"),
  /** The size of a batch. */
  BATCH_BYTES(Scope.READ, "8m", "about so many bytes a columnar batch, at least one frame"),
  /** What to do where frames are missing. */
  MISSING(
      Scope.BOTH,
      "fail",
      "partitions and sources of virtual data sets that no host has: fail, skip (no rows) or fill"
          + " (zeros, or the data set's fill value); writes to hdf5: frames without a row: fail or"
          + " fill"),
  /** Whether checksums are checked. */
  VERIFY(
      Scope.READ,
      "block",
      "checksums that files carry themselves: block (each block of rows is checked as it is read,"
          + " and one task reads it) or off (blocks are not checked, and may be cut)"),
  /** Whether ranks are passed over by their places in the box. */
  RANK_MARGIN(
      Scope.READ,
      "",
      "passes over ranks by predicates on the coordinates: how far rows may lie outside of their"
          + " rank's cell of the box, 0 for not at all; nothing for no passing over"),
  /** Rows or columns of arrays. */
  MODE(
      Scope.BOTH,
      "entries",
      "how named arrays make a table: entries (a row an array) or columns (arrays of equal length"
          + " are columns)"),
  /** The form of an array's values. */
  AS(
      Scope.READ,
      "binary",
      "values of arrays in entries: binary (little-endian, C order), long or double; what these"
          + " can't hold exactly is refused"),
  /** Which arrays are read. */
  DATASETS(
      Scope.BOTH,
      "all",
      "names of the arrays to read, in the order of the columns: x,y,z; with other names for"
          + " columns in hdf5: /entry/data as counts,/entry/uid; writes to hdf5: the array that"
          + " takes a column, in the same form"),
  /** The form of records. */
  RECORDS(
      Scope.READ,
      "struct",
      "an array of records in hdf5: struct (one column) or columns (a column for each member)"),
  /** Which files a file may lead to. */
  SOURCES(
      Scope.READ,
      "any",
      "other files that a file may lead to, by links, external data or mappings: any, or below (in"
          + " its own folder)"),
  /** Where virtual data sets end whose sources grow. */
  VDS_VIEW(
      Scope.READ,
      "last_available",
      "where a virtual data set ends whose sources grow: last_available (with the longest source)"
          + " or first_missing (where the first source ends)"),
  /** How many files a series may lack. */
  VDS_PRINTF_GAP(
      Scope.READ,
      "0",
      "how many numbers in a row may be missing in a numbered series of sources (%b in their name)"
          + " before a virtual data set ends"),
  /** Who reads elements. */
  READER(
      Scope.READ,
      "auto",
      "who reads the elements of hdf5: java, library (the HDF Group's, on the class path) or auto"
          + " (java, and the library where only it undoes a filter)"),
  /** How long to wait for the hosts. */
  HOSTS_TIMEOUT(
      Scope.BOTH, "30s", "how long to wait for the cluster's hosts to say what files they have"),
  /** What tells that a frame is written. */
  KEYS(
      Scope.STREAM,
      "auto",
      "data sets that are other than zero where a frame is written: /entry/uid,/entry/keys/det;"
          + " auto (those of usual names) or stored (there are none: frames count once their chunks"
          + " are stored)"),
  /** What tells that a scan is finished. */
  FINISHED_DATASET(
      Scope.STREAM,
      "",
      "data set of one element that the writer sets to other than zero when all frames are there"),
  /** What becomes of frames that are missing. */
  GAPS(
      Scope.STREAM,
      "wait",
      "frames that are missing while later ones are there: wait (they stop all behind them) or skip"
          + " (they are passed over, and given once they come)"),
  /** How far on a later frame must be for one to be skipped. */
  GAP_FRAMES(
      Scope.STREAM, "", "gaps = skip: once a frame is there that is so many frames further on"),
  /** How long a later frame must be there for one to be skipped. */
  GAP_TIMEOUT(
      Scope.STREAM,
      "10s, unless gapFrames is given",
      "gaps = skip: once a later frame has been there for so long"),
  /** What a query takes for the end that shall stop by itself. */
  END_ON(
      Scope.STREAM,
      "now",
      "where trigger availableNow stops: now (after what is there), finished (finishedDataset is"
          + " set), complete (all frames that fit came), timeout (nothing came for so long) or"
          + " never (a scan that is finished is followed still)"),
  /** How long nothing may come. */
  TIMEOUT(
      Scope.STREAM,
      "10s",
      "how long a file is waited for that is not there or not readable yet, and how long nothing"
          + " may come until endOn = timeout ends"),
  /** The first frame. */
  STARTING_INDEX(Scope.STREAM, "0", "the first frame that is wanted of each scan"),
  /** Most frames a batch. */
  MAX_FRAMES_PER_TRIGGER(Scope.STREAM, "", "at most so many frames a batch"),
  /** Most bytes a batch. */
  MAX_BYTES_PER_TRIGGER(
      Scope.STREAM, "", "at most so many stored bytes a batch, at least one frame: 64m"),
  /** What batches end at. */
  ALIGN_FRAMES(
      Scope.STREAM,
      "1",
      "batches end at whole multiples of so many frames of a scan, and at its end"),
  /** Fewest frames a batch. */
  MIN_FRAMES(Scope.STREAM, "", "fewer frames than so are waited for, up to maxTriggerDelay"),
  /** How long frames wait for others. */
  MAX_TRIGGER_DELAY(Scope.STREAM, "10s", "how long frames wait until there are minFrames"),
  /** The scan's shape, to create a data set. */
  SCAN_SHAPE(
      Scope.WRITE,
      "hdf5: as many as the highest frame_index needs",
      "extents of the scan, outermost first: 64,64"),
  /** The frame's shape, to create a data set. */
  FRAME_SHAPE(Scope.WRITE, "the column's metadata", "extents of a frame: 128,128"),
  /** The stored element type. */
  DTYPE(
      Scope.WRITE,
      "the column's metadata, else the numpy name of its Spark type",
      "dtype to store, by numpy's name: uint16"),
  /** Number of partitions of a new data set. */
  PARTITIONS(Scope.WRITE, "as many as make about 128 MiB each", "number of partitions, cut evenly"),
  /** The whole structure of a new data set. */
  STRUCTURE(
      Scope.WRITE,
      "",
      "the structure sidecar itself, as JSON text or a file's path, for uneven partitions; in place"
          + " of scanShape, frameShape, dtype and partitions"),
  /** What mode overwrite replaces. */
  OVERWRITE_MODE(
      Scope.WRITE,
      "all",
      "what save mode overwrite replaces: all (the whole data set) or partitions (those that the"
          + " rows fill)"),
  /** How rows get to the task that writes them. */
  DISTRIBUTION(
      Scope.WRITE,
      "hash",
      "how the rows of a partition come into one task: hash (Spark shuffles them) or none (each"
          + " task has whole partitions already; nothing is moved, and anything else is refused);"
          + " hdf5: none (the default: each task writes the rows that it has) or hash (each task"
          + " gets a range of frames, sorted)"),
  /** The edge of the physical box. */
  BOX_SIZE(
      Scope.BOTH,
      "0; what files tell",
      "edge of the cubic box that the rows' coordinates are in: 64.0; reads need it with"
          + " rankMargin only"),
  /** The lowest corner of the physical box. */
  ORIGIN(Scope.BOTH, "0,0,0; what files tell", "lowest corner of the physical box: 0,0,-32"),
  /** The extents of the physical box. */
  SCALE(Scope.BOTH, "boxSize,boxSize,boxSize", "extents of the physical box: 64,64,32"),
  /** Whether only what pygio reads is written. */
  STRICT(
      Scope.WRITE,
      "false",
      "true: only what pygio reads, in its order: one float32, float64, int32, int64 or uint16 a"
          + " row, columns sorted by name"),
  /** What blocks are compressed with. */
  COMPRESSION(
      Scope.WRITE,
      "none",
      "what is compressed, and how: genericio: none or blosc; hdf5: none, gzip, gzip:9, lz4,"
          + " bitshuffle-lz4, zstd, zstd:9, and shuffle- before gzip, lz4 or zstd"),
  /** The extents of chunks. */
  CHUNKS(
      Scope.WRITE,
      "frames of about 1 MiB together",
      "hdf5: extents of a chunk: how many frames, and then the frame's own extents, which may be"
          + " left out: 16,128,128"),
  /** Attributes of what is written. */
  ATTRIBUTES(
      Scope.WRITE,
      "",
      "hdf5: JSON of attributes to write, of the arrays, or by the path of an object:"
          + " {\"units\": \"counts\", \"/entry\": {\"title\": \"run 7\"}}"),
  /** Whether one plain file is written. */
  SINGLE(
      Scope.WRITE,
      "false",
      "hdf5: true writes one plain file, by one task, and no parts beside it"),
  /** Whether the result is a NeXus plot. */
  NEXUS(
      Scope.WRITE,
      "false",
      "hdf5: true writes NeXus classes: an NXdata group with its signal and axes, in an NXentry"),
  /** How often the file of virtual data sets is renewed. */
  MASTER_INTERVAL(
      Scope.WRITE,
      "1",
      "hdf5 streams: the virtual data sets that readers open are renewed at every n-th epoch, and"
          + " at the query's end"),
  /** What frames without a row hold. */
  FILL_VALUE(Scope.WRITE, "0", "hdf5: the number that elements of missing frames have");

  /** When an option is looked at. */
  public enum Scope {
    /** By reads. */
    READ,
    /** By streams. */
    STREAM,
    /** By writes. */
    WRITE,
    /** By both. */
    BOTH
  }

  private final String optionName;
  private final Scope scope;
  private final String defaultText;
  private final String meaning;

  ArrayOption(Scope scope, String defaultText, String meaning) {
    this.optionName = camelCase(name());
    this.scope = scope;
    this.defaultText = defaultText;
    this.meaning = meaning;
  }

  private static String camelCase(String constant) {
    String[] words = constant.toLowerCase(Locale.ROOT).split("_");
    StringBuilder name = new StringBuilder(words[0]);
    for (int i = 1; i < words.length; i++) {
      name.append(Character.toUpperCase(words[i].charAt(0))).append(words[i].substring(1));
    }
    return name.toString();
  }

  /** The name that users write, in camel case; Spark compares it without regard to case. */
  public String optionName() {
    return optionName;
  }

  /** When it is looked at. */
  public Scope scope() {
    return scope;
  }

  /** What holds if it is not given, for people to read; empty where there is no default. */
  public String defaultText() {
    return defaultText;
  }

  /** What it does, in a line. */
  public String meaning() {
    return meaning;
  }

  /** The option of a name, without regard to case. */
  public static Optional<ArrayOption> of(String name) {
    return Arrays.stream(values()).filter(o -> o.optionName.equalsIgnoreCase(name)).findFirst();
  }
}
