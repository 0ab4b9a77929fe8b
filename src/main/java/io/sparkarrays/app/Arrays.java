// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.app;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.spark.sql.SparkSession;

/**
 * The application: {@code spark-submit --class io.sparkarrays.app.Arrays <jar> COMMAND …}. Results
 * go to standard output, progress to standard error; a failure is one line there. {@link Status}
 * tells the exit status.
 */
public final class Arrays {

  private static final String DEBUG = "--debug";

  private static final List<Command> COMMANDS =
      List.of(
          new DescribeCommand(),
          new VerifyCommand(),
          new ConvertCommand(),
          new CacheCommand(),
          new StitchCommand(),
          new DeleteCommand(),
          new FollowCommand(),
          new CompactCommand());

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
    boolean debug = isDebug(args);
    List<SparkSession> started = new ArrayList<>();
    Function<String, SparkSession> start =
        name -> {
          SparkSession spark = SparkSession.builder().appName(name).getOrCreate();
          started.add(spark);
          if (!debug && !spark.sparkContext().getConf().contains("spark.log.level")) {
            // Spark logs each failed task with its stack trace; what matters of it is our own line.
            Configurator.setLevel("org.apache.spark", Level.FATAL);
          }
          return spark;
        };
    Status status = new Arrays(start, System.out, System.err).run(args);
    started.forEach(SparkSession::stop);
    if (status != Status.OK) {
      System.exit(status.code());
    }
  }

  /** Runs a command and tells how it ended. */
  Status run(String... args) {
    if (args.length > 0 && isHelp(args[0])) {
      out.print(usage());
      return Status.OK;
    }
    try {
      Command command = find(args);
      Optional<Command.Job> job = parse(command, args);
      if (job.isEmpty()) {
        out.print(help(command));
        return Status.OK;
      }
      return execute(command, job.get(), isDebug(args));
    } catch (UsageException e) {
      err.println(e.getMessage());
      err.print(usage());
      return Status.USAGE;
    }
  }

  private Status execute(Command command, Command.Job job, boolean debug) {
    try {
      return job.run(new Session(() -> sessions.apply("spark-arrays " + command.name()), out, err));
    } catch (Exception e) {
      // All of them: Spark throws checked ones that its methods do not declare.
      boolean more = !debug && !Failures.isKnown(e);
      err.println(Failures.line(e) + (more ? " (" + DEBUG + " shows where)" : ""));
      if (debug) {
        e.printStackTrace(err);
      }
      return Failures.status(e);
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
    Options options = allOptions(command);
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

  private static Options allOptions(Command command) {
    return command
        .options()
        .addOption(new Option(null, DEBUG.substring(2), false, "show stack traces and Spark's log"))
        .addOption(new Option("h", "help", false, "show this"));
  }

  /** An option with an argument, which may be given several times. */
  static Option option(String name, String argument, String description) {
    return Option.builder().longOpt(name).hasArg().argName(argument).desc(description).get();
  }

  private static boolean isDebug(String... args) {
    return List.of(args).contains(DEBUG);
  }

  private static boolean isHelp(String argument) {
    return argument.equals("--help") || argument.equals("-h");
  }

  /** The arguments of a command, which must be as many as their names. */
  static List<String> arguments(CommandLine line, String... names) throws UsageException {
    List<String> arguments = line.getArgList();
    if (arguments.size() < names.length) {
      throw new UsageException(names[arguments.size()] + " is missing");
    }
    if (arguments.size() > names.length) {
      throw new UsageException("'" + arguments.get(names.length) + "' was not expected");
    }
    return arguments;
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
    StringBuilder text = new StringBuilder();
    text.append(command.name())
        .append(' ')
        .append(command.arguments())
        .append(": ")
        .append(command.summary())
        .append(".\n")
        .append(command.details())
        .append("\n\n");
    for (Option option : allOptions(command).getOptions()) {
      String name = "--" + option.getLongOpt() + (option.hasArg() ? " " + option.getArgName() : "");
      text.append(String.format(Locale.ROOT, "  %-22s %s%n", name, option.getDescription()));
    }
    return text.toString();
  }
}
