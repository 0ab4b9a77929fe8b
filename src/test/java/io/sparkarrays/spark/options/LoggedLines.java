// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.options;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;

/** Keeps what a class logs until it is closed. */
final class LoggedLines extends AbstractAppender implements AutoCloseable {

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Logger logger;

  LoggedLines(Class<?> of) {
    super("kept lines of " + of.getName(), null, null, false, Property.EMPTY_ARRAY);
    logger = (Logger) LogManager.getLogger(of);
    start();
    logger.addAppender(this);
  }

  @Override
  public void append(LogEvent event) {
    lines.add(event.getLevel() + " " + event.getMessage().getFormattedMessage());
  }

  /** Each line with its level. */
  List<String> lines() {
    return lines;
  }

  @Override
  public void close() {
    logger.removeAppender(this);
    stop();
  }
}
