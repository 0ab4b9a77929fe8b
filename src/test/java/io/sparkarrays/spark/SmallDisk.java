// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A file system of 8 MiB in memory, which only root can mount: the test is skipped for others. */
public final class SmallDisk implements AutoCloseable {

  private final Path path;

  private SmallDisk(Path path) {
    this.path = path;
  }

  /** Mounts a new one on a folder, which is made. */
  public static SmallDisk mount(Path folder) throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "only root can mount");
    Files.createDirectory(folder);
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder.toString()),
        "mounting is not allowed here");
    return new SmallDisk(folder);
  }

  private static boolean run(String... command) throws IOException {
    return new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .onExit()
            .join()
            .exitValue()
        == 0;
  }

  /** Its root. */
  public Path path() {
    return path;
  }

  /** Leaves room for so many more pages of 4 KiB; for one at least on an empty disk. */
  public void leavePages(int pages) throws IOException {
    FileStore store = Files.getFileStore(path);
    long used = store.getTotalSpace() - store.getUsableSpace();
    // A size of 0 would be no limit.
    remount("size=" + Math.max(4096, used + pages * 4096L));
  }

  /** Leaves room for so many more files and folders. */
  public void leaveFiles(int files) throws IOException {
    try (Stream<Path> all = Files.walk(path)) {
      remount("nr_inodes=" + (all.count() + files));
    }
  }

  /** Lets nobody write. */
  public void makeReadOnly() throws IOException {
    remount("ro");
  }

  private void remount(String option) throws IOException {
    assertThat(run("mount", "-o", "remount," + option, path.toString())).as(option).isTrue();
  }

  @Override
  public void close() throws IOException {
    assertThat(run("umount", path.toString())).isTrue();
    Files.delete(path);
  }
}
