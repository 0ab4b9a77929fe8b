// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.options;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Holds the documentation to the code: the table of options and the entries for errors. {@code
 * -Ddocs.write=true} writes the table anew.
 */
class OptionsDocTest {

  private static final Path OPTIONS = Path.of("docs", "options.md");
  private static final Pattern BLOCK =
      Pattern.compile("(?s)(<!-- options:begin -->\n)(.*?)(<!-- options:end -->)");

  private static String table() {
    return "| option | for | default | meaning |\n|---|---|---|---|\n"
        + Arrays.stream(ArrayOption.values())
            .map(
                option ->
                    "| `%s` | %s | %s | %s |\n"
                        .formatted(
                            option.optionName(),
                            option.scope().name().toLowerCase(Locale.ROOT),
                            option.defaultText().replace("|", "\\|"),
                            option.meaning().replace("|", "\\|")))
            .collect(Collectors.joining());
  }

  @Test
  void theTableOfOptionsIsThatOfTheCode() throws IOException {
    String text = Files.readString(OPTIONS);
    var block = BLOCK.matcher(text);
    assertThat(block.find()).as("the marked block of " + OPTIONS).isTrue();
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(
          OPTIONS, text.substring(0, block.start(2)) + table() + text.substring(block.end(2)));
      return;
    }
    assertThat(block.group(2)).isEqualTo(table());
  }

  @Test
  void everyErrorHasOneEntry() throws IOException {
    List<String> headings =
        Files.readAllLines(Path.of("docs", "troubleshooting.md")).stream()
            .filter(line -> line.matches("### [A-Z0-9_]+"))
            .map(line -> line.substring(4))
            .toList();
    assertThat(headings)
        .containsExactlyInAnyOrder(
            Arrays.stream(ErrorCode.values()).map(ErrorCode::name).toArray(String[]::new));
  }
}
