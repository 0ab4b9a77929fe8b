// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.clusterdata;

import java.nio.file.Path;

/**
 * One way to damage a data set, and what must come of reading it.
 *
 * @param name what is done, for people to read
 * @param expected what must come of it
 * @param moment when it is done
 * @param act does it to the data set at a path
 */
record Mutation(String name, Expected expected, Moment moment, Act act) {

  /** What must come of reading a mutated data set. */
  enum Expected {
    /** A clear error. */
    REFUSED,
    /** The frames as they were. */
    SAME,
    /** A clear error, or the frames that sidecar and files say together. */
    AS_IT_STANDS
  }

  /** When a data set is mutated. */
  enum Moment {
    /** Before anything looks at it. */
    BEFORE,
    /** When the read is planned already. */
    PLANNED
  }

  /** Damages the data set at a path, which has a folder of its own. */
  @FunctionalInterface
  interface Act {
    void on(Path dataSet) throws Exception;
  }

  static Mutation refused(String name, Act act) {
    return new Mutation(name, Expected.REFUSED, Moment.BEFORE, act);
  }

  static Mutation same(String name, Act act) {
    return new Mutation(name, Expected.SAME, Moment.BEFORE, act);
  }

  static Mutation asItStands(String name, Act act) {
    return new Mutation(name, Expected.AS_IT_STANDS, Moment.BEFORE, act);
  }

  /** The same, done between the planning and the reading. */
  Mutation whenPlanned() {
    return new Mutation(name + ", when planned", expected, Moment.PLANNED, act);
  }

  @Override
  public String toString() {
    return name + " (" + expected + ")";
  }
}
