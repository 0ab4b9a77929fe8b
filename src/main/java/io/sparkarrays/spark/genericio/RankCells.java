// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.genericio;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.genericio.Coords;
import io.sparkarrays.genericio.GenericIOFile;
import io.sparkarrays.genericio.Variable;
import io.sparkarrays.genericio.Vector3;
import io.sparkarrays.spark.options.BoxPruning;
import io.sparkarrays.spark.source.FrameColumn;
import io.sparkarrays.spark.source.FrameRange;
import io.sparkarrays.spark.source.RangeBounds;
import io.sparkarrays.spark.source.ValueInterval;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the rows of ranks lie, if each rank holds those of its cell of the box and of a margin
 * around it: what predicates on x, y and z pass over ranks by. The box goes on at its other side.
 */
final class RankCells implements RangeBounds {

  private static final List<String> NAMES = List.of("x", "y", "z");

  /** Coordinates are rounded to floats, here and by who cut the box, a few times each. */
  private static final int ROUNDED = 8;

  /** The box that a file's ranks divide. */
  private record Box(List<Double> origin, List<Double> scale, List<Long> ranks) {}

  private final BoxPruning asked;
  private final Map<String, Integer> axes = new HashMap<>();
  private final Map<FrameRange, Box> boxes = new HashMap<>();

  /**
   * @param variables the columns; coordinates are those that are marked as such, or else called so
   */
  RankCells(BoxPruning asked, List<Variable> variables) {
    this.asked = asked;
    for (int axis = 0; axis < NAMES.size(); axis++) {
      int which = axis;
      List<String> marked =
          variables.stream().filter(v -> v.isCoordinate(which)).map(Variable::name).toList();
      (marked.isEmpty() ? NAMES.subList(axis, axis + 1) : marked)
          .forEach(name -> axes.put(name, which));
    }
  }

  /**
   * Takes a rank of a file.
   *
   * @throws ArrayException {@code OPTION_INVALID} if neither file nor options tell a box
   */
  void add(FrameRange range, GenericIOFile file) {
    Coords dims = file.dims();
    Box box =
        new Box(
            asked.origin().orElseGet(() -> numbers(file.origin())),
            asked.scale().orElseGet(() -> numbers(file.scale())),
            List.of(dims.x(), dims.y(), dims.z()));
    if (box.scale().stream().anyMatch(extent -> !(extent > 0))) {
      throw new ArrayException(
          ErrorCode.OPTION_INVALID,
          range.file(),
          "rankMargin needs a box, and this one's extents are " + box.scale(),
          "Give option boxSize or scale, or leave rankMargin out");
    }
    boxes.put(range, box);
  }

  private static List<Double> numbers(Vector3 vector) {
    return List.of(vector.x(), vector.y(), vector.z());
  }

  @Override
  public List<ValueInterval> of(FrameRange range, FrameColumn column) {
    Box box = boxes.get(range);
    Integer axis = axes.get(column.name());
    if (box == null || axis == null) {
      return List.of();
    }
    double origin = box.origin().get(axis);
    double extent = box.scale().get(axis);
    long ranks = box.ranks().get(axis);
    long place = range.coords().get(axis);
    if (place >= ranks) {
      // No place in the topology, so nothing is known.
      return List.of();
    }
    double rounding = ROUNDED * (double) Math.ulp((float) (Math.abs(origin) + extent));
    double least = origin + extent * place / ranks - asked.margin() - rounding;
    double greatest = origin + extent * (place + 1) / ranks + asked.margin() + rounding;
    List<ValueInterval> intervals = new ArrayList<>();
    intervals.add(new ValueInterval(least, greatest));
    if (asked.margin() > 0 && least < origin) {
      intervals.add(new ValueInterval(least + extent, origin + extent));
    }
    if (asked.margin() > 0 && greatest > origin + extent) {
      intervals.add(new ValueInterval(origin, greatest - extent));
    }
    return intervals;
  }
}
