// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import static io.sparkarrays.memdata.MemGroupTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.ErrorCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LockFileTest {

  private static final int LINES = 1000;

  @TempDir Path temp;

  @Test
  void theFileAppearsWhenItIsCommitted() throws IOException {
    Path target = temp.resolve("c.h5");
    try (LockFile lock = LockFile.open(target)) {
      assertThat(lock.tmpFile()).isEqualTo(temp.resolve(".c.h5"));
      assertThat(lock.lockFile()).isEqualTo(temp.resolve(".c.h5.lock")).exists();
      Files.writeString(lock.tmpFile(), "new");
      assertThat(target).doesNotExist();
      lock.commit();
      assertThat(target).hasContent("new");
    }
    assertThat(names()).containsExactly("c.h5");
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(temp)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void nothingStaysOfAWriterThatFails() throws IOException {
    Path target = temp.resolve("c.h5");
    Files.writeString(target, "old");
    assertThatThrownBy(() -> write(target, LockFile.Options.DEFAULT))
        .isInstanceOf(IOException.class)
        .hasMessage("broken");
    assertThat(names()).containsExactly("c.h5");
    assertThat(target).hasContent("old");
  }

  private static void write(Path target, LockFile.Options options) throws IOException {
    LockFile.run(
        target,
        options,
        tmp -> {
          Files.writeString(tmp, "half");
          throw new IOException("broken");
        });
  }

  @Test
  void whatAWriterWroteCanBePreserved() throws IOException {
    Path target = temp.resolve("c.h5");
    LockFile.Options preserve = new LockFile.Options(true, false, Duration.ZERO);
    assertThatThrownBy(() -> write(target, preserve)).hasMessage("broken");
    assertThat(names()).containsExactly(".c.h5");
  }

  @Test
  void aWriterThatWroteNothingLeavesNoMarker() throws IOException {
    Path target = temp.resolve("c.h5");
    assertThatThrownBy(() -> LockFile.run(target, LockFile.Options.DEFAULT, tmp -> {}))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(names()).isEmpty();
  }

  @Test
  void foldersReplaceFoldersAndAreRemoved() throws IOException {
    Path target = temp.resolve("c.zarr");
    Files.createDirectories(target.resolve("old"));
    LockFile.run(
        target, LockFile.Options.DEFAULT, tmp -> Files.createDirectories(tmp.resolve("new/x")));
    assertThat(target.resolve("new/x")).exists();
    assertThat(target.resolve("old")).doesNotExist();
    assertThatThrownBy(
            () ->
                LockFile.run(
                    target,
                    LockFile.Options.DEFAULT,
                    tmp -> {
                      Files.createDirectories(tmp.resolve("half"));
                      throw new IOException("broken");
                    }))
        .hasMessage("broken");
    assertThat(names()).containsExactly("c.zarr");
  }

  @Test
  void oneThreadHasItAtATime() throws IOException {
    Path target = temp.resolve("c.h5");
    try (LockFile lock = LockFile.open(target)) {
      assertRefused(ErrorCode.FILE_LOCKED, () -> LockFile.open(target));
      // Failing to get it must not take it away.
      assertRefused(ErrorCode.FILE_LOCKED, () -> LockFile.open(target));
      assertThat(lock.lockFile()).content().contains("process " + ProcessHandle.current().pid());
    }
    LockFile.open(target).close();
  }

  private Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(Writer.class.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /**
   * Writes a file many times, each time with one word on all lines; or does so until it is told to
   * stop, and breaks the locks of killed ones; or begins and stays.
   */
  static final class Writer {
    private Writer() {}

    public static void main(String[] arguments) throws IOException {
      Path target = Path.of(arguments[0]);
      boolean endless = arguments.length > 1 && arguments[1].equals("endless");
      if (arguments.length > 1 && arguments[1].equals("stay")) {
        LockFile lock = LockFile.open(target);
        Files.writeString(lock.tmpFile(), "half");
        System.out.println("begun");
        System.in.read();
        return;
      }
      LockFile.Options waits = new LockFile.Options(false, endless, Duration.ofSeconds(60));
      for (int i = 0; endless ? System.in.available() == 0 : i < 20; i++) {
        String line = ProcessHandle.current().pid() + " " + i + "\n";
        LockFile.run(
            target,
            waits,
            tmp -> {
              for (int n = 0; n < LINES; n += 100) {
                Files.writeString(
                    tmp,
                    line.repeat(100),
                    java.nio.file.StandardOpenOption.CREATE,
                    java.nio.file.StandardOpenOption.APPEND);
              }
            });
      }
    }
  }

  @Test
  void concurrentWritersNeverMixAndNeverShowAHalf() throws Exception {
    Path target = temp.resolve("shared.txt");
    List<Process> writers = List.of(start(target.toString()), start(target.toString()));
    boolean seen = false;
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (writers.stream().anyMatch(Process::isAlive) && System.nanoTime() < deadline) {
      if (Files.exists(target)) {
        seen = true;
        assertWhole(target);
      }
      Thread.onSpinWait();
    }
    for (Process writer : writers) {
      String said = new String(writer.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(writer.waitFor()).as(said).isZero();
    }
    assertThat(seen).isTrue();
    assertWhole(target);
    assertThat(names()).containsExactly("shared.txt");
  }

  @Test
  void aWriterKilledAmongOthersLeavesTheFileWhole() throws Exception {
    Path target = temp.resolve("shared.txt");
    Process killed = start(target.toString(), "endless");
    Process other = start(target.toString(), "endless");
    try {
      awaitLines(target, killed);
      awaitLines(target, other);
      killed.destroyForcibly();
      assertThat(killed.waitFor()).as("kill -9").isEqualTo(128 + 9);
      String last = awaitLines(target, other);
      while (awaitLines(target, other).equals(last)) {
        Thread.onSpinWait();
      }
      other.getOutputStream().write('\n');
      other.getOutputStream().flush();
      while (other.isAlive()) {
        assertWhole(target);
      }
      String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(other.waitFor()).as(said).isZero();
    } finally {
      killed.destroyForcibly();
      other.destroyForcibly();
    }
    assertThat(names()).containsExactly("shared.txt");
  }

  /** Waits until a writer has written the file, which is whole at any time, and gives its word. */
  private static String awaitLines(Path target, Process writer) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      assertThat(writer.isAlive() && System.nanoTime() < deadline).as("in time").isTrue();
      if (Files.exists(target)) {
        String line = assertWhole(target);
        if (line.startsWith(writer.pid() + " ")) {
          return line;
        }
      }
      Thread.onSpinWait();
    }
  }

  private static String assertWhole(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(LINES);
    assertThat(lines.stream().distinct()).hasSize(1);
    return lines.get(0);
  }

  @Test
  void aKilledWritersLockIsReportedAndCanBeBroken() throws Exception {
    Path target = temp.resolve("c.h5");
    Process writer = start(target.toString(), "stay");
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(out.readLine()).isEqualTo("begun");
      assertRefused(ErrorCode.FILE_LOCKED, () -> LockFile.open(target));
    } finally {
      writer.destroyForcibly();
    }
    assertThat(writer.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(writer.exitValue()).as("kill -9").isEqualTo(128 + 9);
    assertThat(target).doesNotExist();
    assertThatThrownBy(() -> LockFile.open(target))
        .hasMessageContaining("LOCK_STALE")
        .hasMessageContaining("process " + writer.pid());
    assertThat(temp.resolve(".c.h5")).as("left for whoever wants it").hasContent("half");
    LockFile.run(
        target,
        new LockFile.Options(false, true, Duration.ZERO),
        tmp -> {
          assertThat(tmp).doesNotExist();
          Files.writeString(tmp, "whole");
        });
    assertThat(target).hasContent("whole");
    assertThat(names()).containsExactly("c.h5");
  }
}
