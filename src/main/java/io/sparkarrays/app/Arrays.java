// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.app;

import io.sparkarrays.core.ArrayException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The application: {@code spark-submit --class io.sparkarrays.app.Arrays <jar> COMMAND …}. Results
 * go to standard output; a failure is one line on standard error. The exit status is 0 if all went
 * well, 1 if the command failed, 2 if the command line can't be understood.
 */
public final class Arrays {

  private static final Logger LOG = LoggerFactory.getLogger(Arrays.class);

  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int USAGE = 2;

  private static final List<Command> COMMANDS = List.of(new DescribeCommand(), new DeleteCommand());

  private final Function<String, SparkSession> sessions;
  private final PrintStream out;
  private final PrintStream err;

  /**
   * @param sessions gives the session for an application's name
   */
  Arrays(Function<String, SparkSession> sessions, PrintStream out, PrintStream err) {
    this.sessions = sessions;
    this.out = out;
    this.err = err;
  }

  /**
   * Runs a command; {@code --help} tells which there are.
   *
   * @param args the command and its arguments
   */
  public static void main(String[] args) {
    List<SparkSession> started = new ArrayList<>();
    Function<String, SparkSession> start =
        name -> {
          started.add(SparkSession.builder().appName(name).getOrCreate());
          return started.get(0);
        };
    int status = new Arrays(start, System.out, System.err).run(args);
    started.forEach(SparkSession::stop);
    if (status != OK) {
      System.exit(status);
    }
  }

  /** Runs a command and returns the exit status. */
  int run(String... args) {
    if (args.length > 0 && isHelp(args[0])) {
      out.print(usage());
      return OK;
    }
    try {
      Command command = find(args);
      Optional<Command.Job> job = parse(command, args);
      if (job.isEmpty()) {
        out.print(help(command));
        return OK;
      }
      return execute(command, job.get());
    } catch (UsageException e) {
      err.println(e.getMessage());
      err.print(usage());
      return USAGE;
    }
  }

  private int execute(Command command, Command.Job job) {
    try {
      job.run(sessions.apply("spark-arrays " + command.name()), out);
      return OK;
    } catch (ArrayException e) {
      LOG.debug("Failed", e);
      err.println(e.getMessage().lines().findFirst().orElseThrow());
      return FAILED;
    } catch (RuntimeException e) {
      // Not a mistake that we know: whoever looks into it needs all of it.
      LOG.error("{} failed", command.name(), e);
      err.println(e.toString().lines().findFirst().orElseThrow());
      return FAILED;
    }
  }

  private static Command find(String... args) throws UsageException {
    if (args.length == 0) {
      throw new UsageException("No command was given");
    }
    for (Command command : COMMANDS) {
      if (command.name().equals(args[0])) {
        return command;
      }
    }
    throw new UsageException("There is no command '" + args[0] + "'");
  }

  /** Nothing if the arguments ask for help. */
  private static Optional<Command.Job> parse(Command command, String... args)
      throws UsageException {
    Options options = command.options().addOption(new Option("h", "help", false, "tell more"));
    String[] own = java.util.Arrays.copyOfRange(args, 1, args.length);
    if (java.util.Arrays.stream(own).anyMatch(Arrays::isHelp)) {
      return Optional.empty();
    }
    try {
      return Optional.of(command.parse(new DefaultParser(false).parse(options, own)));
    } catch (ParseException e) {
      throw new UsageException(command.name() + ": " + e.getMessage());
    }
  }

  private static boolean isHelp(String argument) {
    return argument.equals("--help") || argument.equals("-h");
  }

  /** The one argument of a command that takes one. */
  static String onlyArgument(CommandLine line, String name) throws UsageException {
    List<String> arguments = line.getArgList();
    if (arguments.isEmpty()) {
      throw new UsageException(name + " is missing");
    }
    if (arguments.size() > 1) {
      throw new UsageException("'" + arguments.get(1) + "' was not expected");
    }
    return arguments.get(0);
  }

  private static String usage() {
    StringBuilder text = new StringBuilder();
    text.append("Usage: spark-submit --class ")
        .append(Arrays.class.getName())
        .append(" <spark-arrays jar> COMMAND ...\n");
    for (Command command : COMMANDS) {
      text.append("  ")
          .append(command.name())
          .append(' ')
          .append(command.arguments())
          .append("\n      ")
          .append(command.summary())
          .append('\n');
    }
    return text.append("COMMAND --help tells more.\n").toString();
  }

  private static String help(Command command) {
    return command.name()
        + " "
        + command.arguments()
        + ": "
        + command.summary()
        + ".\n"
        + command.details()
        + "\n";
  }
}
