// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hadoop;

import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serial;
import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/**
 * The settings of Hadoop's clients that a task takes along from the driver: those that someone
 * made, for every process has the defaults. Two that say the same are equal.
 */
public final class HadoopSettings implements Serializable {

  @Serial private static final long serialVersionUID = 1L;

  /** How the resources with defaults are called: {@code core-default.xml}. */
  private static final String DEFAULTS = "-default.xml";

  /** Of settings that are no client's. */
  private static final String SPARK = "spark.";

  private static final int MOST_KEPT = 16;

  /** All tasks of a query have the same settings; to read the defaults takes a while. */
  private static final Map<HadoopSettings, Configuration> KEPT =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Serial private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<HadoopSettings, Configuration> eldest) {
          return size() > MOST_KEPT;
        }
      };

  private final TreeMap<String, String> made;

  private HadoopSettings(Map<String, String> made) {
    this.made = new TreeMap<>(made);
  }

  /** Nothing but defaults. */
  public static HadoopSettings defaults() {
    return new HadoopSettings(Map.of());
  }

  /** What a session says: {@code spark.hadoop.…} when it began, and what was set in it since. */
  public static HadoopSettings of(SparkSession spark) {
    return of(
        spark instanceof org.apache.spark.sql.classic.SparkSession session
            ? session.sessionState().newHadoopConf()
            : spark.sparkContext().hadoopConfiguration());
  }

  /** What was set in a configuration, such as that of a session. */
  public static HadoopSettings of(Configuration configuration) {
    Map<String, String> made = new HashMap<>();
    for (Map.Entry<String, String> entry : configuration) {
      String[] sources = configuration.getPropertySources(entry.getKey());
      boolean isDefault =
          sources != null
              && sources.length > 0
              && Arrays.stream(sources).allMatch(source -> source.endsWith(DEFAULTS));
      if (!isDefault && !entry.getKey().startsWith(SPARK)) {
        made.put(entry.getKey(), entry.getValue());
      }
    }
    return new HadoopSettings(made);
  }

  /** All settings; not to be changed. */
  Configuration configuration() {
    synchronized (KEPT) {
      return KEPT.computeIfAbsent(
          this,
          settings -> {
            Configuration configuration = new Configuration();
            settings.made.forEach(configuration::set);
            return configuration;
          });
    }
  }

  @Serial
  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    if (made == null) {
      throw new InvalidObjectException("no settings");
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HadoopSettings that && made.equals(that.made);
  }

  @Override
  public int hashCode() {
    return made.hashCode();
  }

  /** Without what they say: there are passwords among them. */
  @Override
  public String toString() {
    return made.size() + " settings of Hadoop";
  }
}
