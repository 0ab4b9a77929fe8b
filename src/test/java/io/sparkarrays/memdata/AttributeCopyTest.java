// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import static io.sparkarrays.memdata.MemGroupTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.Complex;
import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.NdArray;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.core.ValueType.Encoding;
import io.sparkarrays.core.ValueType.Padding;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table of what attributes become in files, and what is read back. */
final class AttributeCopyTest {

  private static final LocalDateTime TIME = LocalDateTime.of(2020, 1, 2, 3, 4, 5, 678901000);

  @TempDir Path temp;

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static NdArray unicode(String... texts) {
    ValueType type = new ValueType.Text(8, Encoding.UTF_32LE, Padding.NULL_PADDED);
    return NdArray.ofTexts(texts).as(type);
  }

  private static NdArray bytes(String... texts) {
    ValueType type = new ValueType.Text(2, Encoding.UTF_8, Padding.NULL_PADDED);
    return NdArray.ofTexts(texts).as(type);
  }

  /** What is read back of a value that was written to a file. */
  private Object through(String file, Object value, boolean convert) throws IOException {
    MemGroup tree = new MemGroup();
    tree.attrs().put("v", value);
    WriteOptions write = WriteOptions.DEFAULT.convertStrings(false, convert);
    tree.toFile(temp.resolve(file), write);
    ReadOptions read = ReadOptions.DEFAULT.convertStrings(false, convert);
    return MemGroup.fromFile(temp.resolve(file), read).attrs().get("v");
  }

  private Object zarr(Object value) throws IOException {
    return through("f.zarr", value, true);
  }

  private String stored() throws IOException {
    return Files.readString(temp.resolve("f.zarr/.zattrs"));
  }

  @Test
  void attributesAreMergedDeeplyInMemory() {
    MemAttrs one = new MemAttrs();
    MemAttrs other = new MemAttrs();
    byte[] raw = {(byte) 0xff};
    one.put("z", raw);
    one.put("a", 7);
    one.put("small", (byte) 3);
    one.put("f", 1.5f);
    other.put("kept", true);
    MemData.copyAttrs(one, other, false);
    assertThat(other.keySet()).containsExactly("kept", "a", "f", "small", "z");
    assertThat(other.get("a")).isEqualTo(7L);
    assertThat(other.getLong("small")).isEqualTo(3);
    assertThat(other.getDouble("f")).isEqualTo(1.5);
    assertThat(other.getBoolean("kept")).isTrue();
    assertThat((byte[]) other.get("z")).isEqualTo(raw).isNotSameAs(raw);
    assertRefused(ErrorCode.TEXT_UNSUPPORTED, () -> MemData.copyAttrs(one, other, true));
  }

  @Test
  void textOfBytesIsConvertedAtAnyDepth() {
    MemAttrs one = new MemAttrs();
    one.put("b", ascii("ab"));
    one.put("array", bytes("x", "yz"));
    one.put("deep", List.of(ascii("p"), Map.of("k", List.of(ascii("q")))));
    MemAttrs other = new MemAttrs();
    MemData.copyAttrs(one, other, true);
    assertThat(other.getString("b")).isEqualTo("ab");
    assertThat(((NdArray) other.get("array")).type()).hasToString("<U2");
    assertThat(((NdArray) other.get("array")).values()).containsExactly("x", "yz");
    assertThat(other.get("deep")).isEqualTo(List.of("p", Map.of("k", List.of("q"))));
  }

  @Test
  void markedTextIsReadWhereverItIsCopied() {
    MemAttrs one = new MemAttrs();
    one.put("j", "!!_memh5_json:{\"a\": [1, NaN]}");
    MemAttrs other = new MemAttrs();
    MemData.copyAttrs(one, other, false);
    assertThat(other.get("j")).isEqualTo(Map.of("a", List.of(1L, Double.NaN)));
    one.put("j", "!!_memh5_json:{");
    assertRefused(ErrorCode.ATTRIBUTE_UNSUPPORTED, () -> MemData.copyAttrs(one, other, false));
  }

  @Test
  void zarrHoldsScalarsAndLists() throws IOException {
    assertThat(zarr(5)).isEqualTo(5L);
    assertThat(zarr(new BigInteger("123456789012345678901234567890")))
        .isEqualTo(new BigInteger("123456789012345678901234567890"));
    assertThat(zarr(1.5)).isEqualTo(1.5);
    assertThat(zarr(true)).isEqualTo(true);
    assertThat(zarr("")).isEqualTo("");
    assertThat(zarr("h\u00e9 \ud83d\ude00")).isEqualTo("h\u00e9 \ud83d\ude00");
    assertThat(zarr(ascii("raw"))).isEqualTo("raw");
    assertThat(zarr(null)).isNull();
    assertThat(zarr(List.of(1, 2))).isEqualTo(List.of(1L, 2L));
    assertThat(zarr(List.of(1, "a"))).isEqualTo(List.of(1L, "a"));
    assertThat(zarr(List.of(List.of(1), List.of(2, 3))))
        .isEqualTo(List.of(List.of(1L), List.of(2L, 3L)));
    assertThat(zarr(List.of())).isEqualTo(List.of());
    assertRefused(ErrorCode.TEXT_UNSUPPORTED, () -> zarr(new byte[] {(byte) 0xff}));
    assertRefused(ErrorCode.ATTRIBUTE_UNSUPPORTED, () -> zarr(new Complex(1, 2)));
    assertRefused(ErrorCode.ATTRIBUTE_UNSUPPORTED, () -> zarr(LocalDate.of(2020, 1, 2)));
    assertRefused(ErrorCode.ATTRIBUTE_UNSUPPORTED, () -> zarr(new Object()));
  }

  @Test
  void zarrHoldsMapsDatesAndArraysAsMarkedText() throws IOException {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("b", Arrays.asList(1, 2.5, "s", null));
    map.put("a", Map.of("when", TIME));
    assertThat(zarr(map).toString())
        .isEqualTo("{b=[1, 2.5, s, null], a={when=2020-01-02T03:04:05.678901}}");
    assertThat(stored())
        .isEqualTo(
            "{\"v\": \"!!_memh5_json:{\\\"b\\\": [1, 2.5, \\\"s\\\", null], \\\"a\\\":"
                + " {\\\"when\\\": \\\"2020-01-02T03:04:05.678901\\\"}}\"}");
    assertThat(zarr(Map.of())).isEqualTo(Map.of());
    assertThat(zarr(TIME.withNano(0))).isEqualTo("2020-01-02T03:04:05");
    assertThat(zarr(NdArray.of(0.0, 1.0))).isEqualTo(List.of(0.0, 1.0));
    assertThat(zarr(NdArray.of(1L, 2L, 3L, 4L).reshape(Shape.of(2, 2))))
        .isEqualTo(List.of(List.of(1L, 2L), List.of(3L, 4L)));
    assertThat(zarr(NdArray.ofTexts("freq"))).isEqualTo("freq");
    assertThat(zarr(unicode("x", "yz"))).isEqualTo(List.of("x", "yz"));
    assertThat(stored()).isEqualTo("{\"v\": \"!!_memh5_json:[\\\"x\\\", \\\"yz\\\"]\"}");
    assertThat(zarr(NdArray.of(1L).reshape(Shape.of()))).isEqualTo(1L);
  }

  @Test
  void hdf5HoldsScalars() throws IOException {
    for (Object value :
        List.of(5L, -1099511627776L, 1.5, true, false, "", "h\u00e9llo", new Complex(1, 2))) {
      assertThat(hdf5(value)).isEqualTo(value);
    }
    assertThat(hdf5((byte) 3)).isEqualTo(3L);
    assertThat(hdf5(new BigInteger("18446744073709551615")))
        .isEqualTo(new BigInteger("18446744073709551615"));
    assertThat(hdf5(ascii("raw"))).isEqualTo("raw");
    assertThat(through("f.h5", ascii("raw"), false)).isEqualTo("raw");
    assertThat(hdf5(null)).isNull();
    assertThat(hdf5(NdArray.of(1.5).reshape(Shape.of()))).isEqualTo(1.5);
    assertRefused(
        ErrorCode.ATTRIBUTE_UNSUPPORTED,
        () -> hdf5(new BigInteger("123456789012345678901234567890")));
    assertRefused(ErrorCode.ATTRIBUTE_UNSUPPORTED, () -> hdf5(LocalDate.of(2020, 1, 2)));
  }

  private Object hdf5(Object value) throws IOException {
    return through("f.h5", value, true);
  }

  @Test
  void hdf5HoldsListsAsArrays() throws IOException {
    assertThat(hdf5(List.of(1, 2, 3))).isEqualTo(NdArray.of(1L, 2L, 3L));
    assertThat(hdf5(List.of(1.5, 2))).isEqualTo(NdArray.of(1.5, 2.0));
    NdArray truths = NdArray.zeros(ElementType.BOOL, 2);
    truths.set(true, 0);
    assertThat(hdf5(List.of(true, false))).isEqualTo(truths);
    assertThat(hdf5(List.of("a", "b\u00e9"))).isEqualTo(NdArray.ofTexts("a", "b\u00e9"));
    assertThat(hdf5(List.of(ascii("a"), ascii("bc")))).isEqualTo(unicode("a", "bc"));
    assertThat(through("f.h5", List.of(ascii("a"), ascii("bc")), false))
        .isEqualTo(bytes("a", "bc"));
    assertThat(hdf5(List.of(1, "a"))).isEqualTo(NdArray.ofTexts("1", "a"));
    assertThat(hdf5(List.of(List.of(1, 2), List.of(3, 4))))
        .isEqualTo(NdArray.of(1L, 2L, 3L, 4L).reshape(Shape.of(2, 2)));
    assertThat(hdf5(List.of())).isEqualTo(NdArray.zeros(ElementType.FLOAT64, 0));
    assertRefused(ErrorCode.ATTRIBUTE_UNSUPPORTED, () -> hdf5(List.of(List.of(1), List.of(2, 3))));
  }

  @Test
  void hdf5HoldsArraysAsTheyAreAndMapsAsMarkedText() throws IOException {
    NdArray shorts = NdArray.zeros(ElementType.INT16, 2, 2);
    shorts.set(-3, 1, 1);
    assertThat(hdf5(shorts)).isEqualTo(shorts);
    assertThat(hdf5(unicode("x", "yz"))).isEqualTo(NdArray.ofTexts("x", "yz"));
    assertRefused(ErrorCode.ATTRIBUTE_UNSUPPORTED, () -> through("f.h5", unicode("x"), false));
    assertThat(hdf5(Map.of("a", TIME))).isEqualTo(Map.of("a", "2020-01-02T03:04:05.678901"));
    assertThat(hdf5(Map.of("a", NdArray.of(1L), "b", NdArray.of(1L, 2L))))
        .isEqualTo(Map.of("a", 1L, "b", List.of(1L, 2L)));
    assertThat(hdf5(TIME)).isEqualTo("2020-01-02T03:04:05.678901");
    assertRefused(
        ErrorCode.ATTRIBUTE_UNSUPPORTED, () -> hdf5(Map.of("class", AttributeCopyTest.class)));
  }
}
