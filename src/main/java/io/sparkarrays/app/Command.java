// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.app;

import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** One subcommand of {@link Arrays}. */
interface Command {

  /** What it is called on the command line. */
  String name();

  /** Its arguments, as the usage shows them. */
  String arguments();

  /** What it does, in one line without a full stop. */
  String summary();

  /** What {@code --help} tells beside that, whole lines. */
  String details();

  /** The options it takes, without {@code --help}. */
  Options options();

  /**
   * Understands the arguments, before Spark is started.
   *
   * @param line the arguments by the command's own options
   * @return what is to be done
   * @throws UsageException if they can't be understood
   */
  Job parse(CommandLine line) throws UsageException;

  /** What is to be done, with Spark. */
  @FunctionalInterface
  interface Job {
    /** Does it, and tells how it ended; failures are thrown. */
    Status run(Session session);
  }
}
