// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileTreeTest {

  @TempDir Path temp;

  private Path tree() throws IOException {
    Path root = Files.createDirectories(temp.resolve("tree/a/empty")).getParent().getParent();
    Files.writeString(root.resolve("a/x"), "x");
    Files.writeString(root.resolve("y"), "y");
    return root;
  }

  @Test
  void linksAreRemovedAndNotFollowed() throws IOException {
    Path root = tree();
    Path other = Files.writeString(Files.createDirectory(temp.resolve("other")).resolve("z"), "z");
    Files.createSymbolicLink(root.resolve("link"), other.getParent());
    Files.createSymbolicLink(root.resolve("nowhere"), temp.resolve("none"));
    FileTree.delete(root);
    assertThat(root).doesNotExist();
    assertThat(other).hasContent("z");
    FileTree.delete(root);
    FileTree.delete(other);
    assertThat(other).doesNotExist();
  }

  @Test
  void copiesAreWholeAndReplaceNothing() throws IOException {
    Path root = tree();
    Path copy = temp.resolve("copy");
    FileTree.copy(root, copy);
    assertThat(copy.resolve("a/x")).hasContent("x");
    assertThat(copy.resolve("a/empty")).isEmptyDirectory();
    FileTree.copy(root.resolve("y"), temp.resolve("z"));
    assertThat(temp.resolve("z")).hasContent("y");
    assertThatThrownBy(() -> FileTree.copy(root, copy))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void copiesHoldWhatLinksLeadTo() throws IOException {
    Path root = tree();
    Path other = Files.createDirectories(temp.resolve("other/inner")).getParent();
    Files.writeString(other.resolve("inner/z"), "z");
    Files.createSymbolicLink(root.resolve("a/folder"), Path.of("../../other"));
    Files.createSymbolicLink(root.resolve("file"), other.resolve("inner/z"));
    Files.createSymbolicLink(root.resolve("nowhere"), Path.of("none"));
    Path copy = temp.resolve("copy");
    FileTree.copy(Files.createSymbolicLink(temp.resolve("link"), root), copy);
    FileTree.delete(other);
    assertThat(Files.isSymbolicLink(copy)).isFalse();
    assertThat(copy.resolve("y")).hasContent("y");
    assertThat(copy.resolve("a/folder/inner/z")).hasContent("z");
    assertThat(copy.resolve("file")).hasContent("z");
    assertThat(Files.readSymbolicLink(copy.resolve("nowhere"))).isEqualTo(Path.of("none"));
  }

  @Test
  void linksInACircleAreNotCopiedForEver() throws IOException {
    Path root = tree();
    Files.createSymbolicLink(root.resolve("a/again"), root);
    assertThatThrownBy(() -> FileTree.copy(root, temp.resolve("copy")))
        .isInstanceOf(FileSystemLoopException.class);
  }
}
