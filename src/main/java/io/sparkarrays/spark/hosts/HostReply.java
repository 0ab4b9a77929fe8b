// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hosts;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.PrintWriter;
import java.io.Serializable;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import org.apache.spark.TaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one host sends back: the answer, or why there is none. A failure travels as an answer, so
 * that Spark does not repeat the task three times more and hide the message in a failed job.
 *
 * @param host the host that ran the task, by its own word: Spark may place a task elsewhere
 * @param value the answer, if there is no failure
 * @param failure what the task threw, or null
 */
record HostReply(String host, Serializable value, Failure failure) implements Serializable {

  private static final Logger LOG = LoggerFactory.getLogger(HostReply.class);
  private static final String LOG_REMEDY = "The log of its executor has more";

  /**
   * An exception in words, since its class may not be known on the driver.
   *
   * @param code the exception's code, or {@code IO_FAILED} for one without
   * @param text its message without the code and the last full stop
   * @param trace its stack trace
   */
  record Failure(ErrorCode code, String text, String trace) implements Serializable {}

  /** The stack trace of another host; it has none of its own. */
  private static final class RemoteTrace extends Exception {
    private static final long serialVersionUID = 1L;

    RemoteTrace(String host, String trace) {
      super("on host " + host + ": " + trace, null, false, false);
    }
  }

  /** Runs a task on this host and packs what comes of it. */
  static byte[] of(HostTask<?> task) {
    String host = Hosts.here();
    try {
      return new HostReply(host, task.run(), null).toBytes();
    } catch (Exception | LinkageError e) {
      TaskContext context = TaskContext.get();
      if (context != null) {
        context.killTaskIfInterrupted();
      }
      return new HostReply(host, null, failure(e)).toBytes();
    }
  }

  private static Failure failure(Throwable error) {
    StringWriter trace = new StringWriter();
    error.printStackTrace(new PrintWriter(trace));
    if (error instanceof ArrayException known) {
      String prefix = "[" + known.code() + "] ";
      String text = known.getMessage();
      text = text.startsWith(prefix) ? text.substring(prefix.length()) : text;
      text = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
      return new Failure(known.code(), text, trace.toString());
    }
    LOG.warn("A question of the driver failed on this host", error);
    return new Failure(ErrorCode.IO_FAILED, words(error) + ". " + LOG_REMEDY, trace.toString());
  }

  private static String words(Throwable error) {
    if (error instanceof AccessDeniedException denied) {
      return denied.getFile() + ": permission denied";
    }
    return error instanceof FileSystemException failure && failure.getReason() != null
        ? failure.getFile() + ": " + failure.getReason()
        : error.toString();
  }

  /** The failure as the driver throws it: same code, same message, and the host. */
  ArrayException toException() {
    // Where problem ends and remedy begins does not matter, as they are joined again.
    int split = failure.text().indexOf(". ");
    return new ArrayException(
        failure.code(),
        "host " + host,
        split < 0 ? failure.text() : failure.text().substring(0, split),
        split < 0 ? "Look at that host" : failure.text().substring(split + 2),
        new RemoteTrace(host, failure.trace()));
  }

  private byte[] toBytes() {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(this);
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Unpacks a reply.
   *
   * @param loader knows the answer's class: the task's own class loader, since the thread's may not
   *     see jars that were added to a session
   */
  static HostReply from(byte[] bytes, ClassLoader loader) {
    try (ObjectInputStream in = new LoaderStream(new ByteArrayInputStream(bytes), loader)) {
      return (HostReply) in.readObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Looks classes up in one given loader first. */
  private static final class LoaderStream extends ObjectInputStream {
    private final ClassLoader loader;

    LoaderStream(InputStream in, ClassLoader loader) throws IOException {
      super(in);
      this.loader = loader;
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass description)
        throws IOException, ClassNotFoundException {
      try {
        return Class.forName(description.getName(), false, loader);
      } catch (ClassNotFoundException e) {
        return super.resolveClass(description);
      }
    }
  }
}
