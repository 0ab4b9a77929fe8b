// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
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
}
