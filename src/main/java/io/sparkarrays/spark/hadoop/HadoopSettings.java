// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hadoop;

import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serial;
import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/**
 * The settings of Hadoop's clients that a task takes along from the driver: those that someone
 * made, for every process has the defaults. Two that say the same are equal.
 */
public final class HadoopSettings implements Serializable {

  @Serial private static final long serialVersionUID = 1L;

  /** How the resources with defaults are called: {@code core-default.xml}. */
  private static final String DEFAULTS = "-default.xml";

  private final TreeMap<String, String> made;
  private transient Configuration configuration;

  private HadoopSettings(Map<String, String> made, Configuration configuration) {
    this.made = new TreeMap<>(made);
    this.configuration = configuration;
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
      if (!isDefault) {
        made.put(entry.getKey(), entry.getValue());
      }
    }
    return new HadoopSettings(made, configuration);
  }

  /** All settings; not to be changed. */
  Configuration configuration() {
    return configuration;
  }

  @Serial
  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    if (made == null) {
      throw new InvalidObjectException("no settings");
    }
    configuration = new Configuration();
    made.forEach(configuration::set);
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
