// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.npz;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Reads the Python literals that an npy header is made of: dicts, tuples, lists, strings, whole
 * numbers and booleans. Nothing is evaluated.
 */
final class PythonLiteral {

  private static final int DEEPEST = 32;

  /** A Python tuple. */
  record Tuple(List<Object> items) {}

  private final String text;
  private int at;

  private PythonLiteral(String text) {
    this.text = text;
  }

  /**
   * Reads a text that is one literal, with white space around it.
   *
   * @return a {@link Map}, {@link List}, {@link Tuple}, {@link String}, {@link Long} or {@link
   *     Boolean}
   * @throws IllegalArgumentException if it is no such literal
   */
  static Object parse(String text) {
    PythonLiteral parser = new PythonLiteral(text);
    Object value = parser.value(0);
    parser.skipSpace();
    if (parser.at < text.length()) {
      throw parser.unexpected();
    }
    return value;
  }

  /** A literal as Python writes it. */
  static String text(Object literal) {
    if (literal instanceof String text) {
      return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    } else if (literal instanceof Boolean truth) {
      return truth ? "True" : "False";
    } else if (literal instanceof Tuple tuple) {
      return texts(tuple.items(), "(", tuple.items().size() == 1 ? ",)" : ")");
    } else if (literal instanceof List<?> items) {
      return texts(items, "[", "]");
    }
    return literal.toString();
  }

  private static String texts(List<?> items, String open, String close) {
    return items.stream().map(PythonLiteral::text).collect(Collectors.joining(", ", open, close));
  }

  private Object value(int depth) {
    if (depth > DEEPEST) {
      throw new IllegalArgumentException("it is nested deeper than " + DEEPEST);
    }
    skipSpace();
    char first = peek();
    if (first == '{') {
      return dict(depth);
    }
    if (first == '(') {
      return new Tuple(sequence(')', depth));
    }
    if (first == '[') {
      return sequence(']', depth);
    }
    if (first == '\'' || first == '"') {
      return string();
    }
    if (first == '-' || Character.isDigit(first)) {
      return number();
    }
    if (take("True")) {
      return true;
    }
    if (take("False")) {
      return false;
    }
    throw unexpected();
  }

  private Map<String, Object> dict(int depth) {
    Map<String, Object> dict = new LinkedHashMap<>();
    at++;
    while (!closes('}')) {
      if (!(value(depth + 1) instanceof String key)) {
        throw unexpected();
      }
      skipSpace();
      if (!take(":")) {
        throw unexpected();
      }
      dict.put(key, value(depth + 1));
      separator('}');
    }
    return dict;
  }

  private List<Object> sequence(char close, int depth) {
    List<Object> items = new ArrayList<>();
    at++;
    while (!closes(close)) {
      items.add(value(depth + 1));
      separator(close);
    }
    return items;
  }

  private boolean closes(char close) {
    skipSpace();
    if (peek() == close) {
      at++;
      return true;
    }
    return false;
  }

  private void separator(char close) {
    skipSpace();
    if (!take(",") && peek() != close) {
      throw unexpected();
    }
  }

  private String string() {
    char quote = text.charAt(at++);
    StringBuilder value = new StringBuilder();
    while (peek() != quote) {
      if (peek() == '\\') {
        at++;
        escape(value);
      } else {
        value.append(text.charAt(at++));
      }
    }
    at++;
    return value.toString();
  }

  private void escape(StringBuilder value) {
    char kind = peek();
    at++;
    int digits =
        switch (kind) {
          case '\\', '\'', '"' -> 0;
          case 'x' -> 2;
          case 'u' -> 4;
          case 'U' -> 8;
          default -> throw unexpected();
        };
    if (digits == 0) {
      value.append(kind);
      return;
    }
    if (at + digits > text.length()) {
      throw unexpected();
    }
    value.appendCodePoint(Integer.parseInt(text.substring(at, at + digits), 16));
    at += digits;
  }

  private Long number() {
    int from = at++;
    while (at < text.length() && Character.isDigit(text.charAt(at))) {
      at++;
    }
    Long value = Long.valueOf(text.substring(from, at));
    // Python 2 wrote long numbers so.
    take("L");
    return value;
  }

  private void skipSpace() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private boolean take(String expected) {
    if (text.startsWith(expected, at)) {
      at += expected.length();
      return true;
    }
    return false;
  }

  private char peek() {
    if (at >= text.length()) {
      throw new IllegalArgumentException("it ends too early");
    }
    return text.charAt(at);
  }

  private IllegalArgumentException unexpected() {
    return new IllegalArgumentException("character " + (at + 1) + " is unexpected");
  }
}
