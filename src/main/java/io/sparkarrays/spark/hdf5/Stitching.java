// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.hdf5.Charsets;
import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.hdf5.Hdf5File;
import io.sparkarrays.hdf5.Hdf5Writer;
import io.sparkarrays.hdf5.ValueTypes;
import io.sparkarrays.hdf5.VirtualLayout;
import io.sparkarrays.hdf5.VirtualLayouts;
import io.sparkarrays.hdf5.VirtualSource;
import io.sparkarrays.spark.source.FileGlob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A virtual data set of those of several files.
 *
 * @param files paths or globs
 * @param out the file to make
 * @param dataset the path in each file
 * @param name the path in the file to make
 * @param along how the files lie to each other
 * @param block frames of a turn, if files take turns
 * @param growing whether files may still grow along the scan: the last, or all that take turns
 * @param gap rows or columns between two files
 * @param fill what no file has
 * @param overwrite whether the file may be there
 */
public record Stitching(
    List<String> files,
    Path out,
    String dataset,
    String name,
    Along along,
    Optional<Integer> block,
    boolean growing,
    int gap,
    Optional<Object> fill,
    boolean overwrite) {

  /** How files lie to each other. */
  public enum Along {
    /** One after the other, or in turn. */
    SCAN,
    /** Beside each other in the frame's last dimension but one. */
    ROWS,
    /** Beside each other in the frame's last dimension. */
    COLUMNS,
    /** At an index each of a dimension before the others. */
    NEW;

    /** The one of a name in lower case. */
    public static Optional<Along> find(String name) {
      return Arrays.stream(values())
          .filter(along -> along.name().toLowerCase(Locale.ROOT).equals(name))
          .findFirst();
    }
  }

  private static final Pattern NUMBER = Pattern.compile("\\d+");

  /** A fill value of a text: a whole number if it is one, else another, else the text. */
  public static Object value(String text) {
    try {
      return text.matches("[+-]?\\d{1,18}") ? (Object) Long.valueOf(text) : Double.valueOf(text);
    } catch (NumberFormatException e) {
      return text;
    }
  }

  /** What does not go together, beginning with a parameter's name. */
  public Optional<String> problem() {
    boolean parts = along == Along.ROWS || along == Along.COLUMNS;
    if (along != Along.SCAN && (block.isPresent() || growing)) {
      return Optional.of((growing ? "growing" : "interleave") + " is along the scan");
    }
    return gap != 0 && !parts ? Optional.of("gap is along rows or columns") : Optional.empty();
  }

  /**
   * Makes the file, and gives what is in it.
   *
   * @throws ArrayException {@code HDF5_OBJECT_EXISTS}, {@code PATH_NOT_FOUND}, {@code
   *     PARTS_DIFFER}, {@code VDS_MAPPING_INVALID}, {@code HDF5_LIBRARY_MISSING}
   */
  public VirtualLayout run() {
    if (!overwrite && Files.exists(out)) {
      throw new ArrayException(
          ErrorCode.HDF5_OBJECT_EXISTS,
          out,
          "the file is there",
          "Overwrite it, or take another path");
    }
    try {
      VirtualLayout layout = layout();
      Hdf5Writer.replace(
          out,
          writer -> {
            if (fill.isPresent()) {
              writer.createVirtualDataset(name, layout, fill.get());
            } else {
              writer.createVirtualDataset(name, layout);
            }
          });
      return layout;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private VirtualLayout layout() throws IOException {
    List<VirtualSource> sources = new ArrayList<>();
    ValueType type = null;
    List<Boolean> charsets = List.of();
    int rank = 0;
    for (Path file : expanded()) {
      try (Hdf5File opened = Hdf5File.open(file)) {
        Dataset found = opened.dataset(dataset);
        ValueType elements = ValueTypes.of(found.datatype());
        if (type != null && !type.equals(elements)) {
          throw new ArrayException(
              ErrorCode.PARTS_DIFFER,
              found,
              "its elements are " + elements + ", those of the files before " + type,
              "Stitch files of one type");
        }
        List<Boolean> utf8 = Charsets.utf8(found.datatype());
        if (type != null && !charsets.equals(utf8)) {
          throw new ArrayException(
              ErrorCode.PARTS_DIFFER,
              found,
              "its text is said to be "
                  + (utf8.contains(true) ? "UTF-8" : "ASCII")
                  + ", that of the files before is not",
              "HDF5 reads no text of one character set as that of another. Stitch files of one");
        }
        charsets = utf8;
        type = elements;
        rank = found.shape().rank();
        sources.add(VirtualSource.of(found));
      }
    }
    return switch (along) {
      case SCAN -> alongScan(type, sources);
      case ROWS -> VirtualLayouts.tile(type, rank - 2, gap, sources);
      case COLUMNS -> VirtualLayouts.tile(type, rank - 1, gap, sources);
      case NEW -> VirtualLayouts.stack(type, sources);
    };
  }

  private VirtualLayout alongScan(ValueType type, List<VirtualSource> sources) {
    if (block.isEmpty()) {
      return growing
          ? VirtualLayouts.concatenateGrowing(type, sources)
          : VirtualLayouts.concatenate(type, 0, sources);
    }
    return growing
        ? VirtualLayouts.interleaveGrowing(type, block.get(), sources)
        : VirtualLayouts.interleave(type, block.get(), sources);
  }

  /** The files, without the one that is made. */
  private List<Path> expanded() throws IOException {
    List<Path> all = new ArrayList<>();
    for (String text : files) {
      Path path = Path.of(text).toAbsolutePath().normalize();
      if (Files.exists(path)) {
        all.add(path);
      } else {
        List<Path> found = new ArrayList<>(FileGlob.files(path.toString(), f -> !f.equals(out)));
        if (found.isEmpty()) {
          throw new ArrayException(
              ErrorCode.PATH_NOT_FOUND, path, "there is no such file", "Check the path");
        }
        found.sort(Comparator.comparing((Path file) -> sortable(file)).thenComparing(f -> f));
        all.addAll(found);
      }
    }
    return all;
  }

  /** A name whose numbers, made equally long, sort by their values: 2 before 10. */
  private static String sortable(Path file) {
    Matcher numbers = NUMBER.matcher(file.toString());
    return numbers.replaceAll(
        number -> {
          String digits = number.group().replaceFirst("^0+(?=\\d)", "");
          return String.valueOf((char) ('0' + Math.min(digits.length(), 60))) + digits;
        });
  }
}
