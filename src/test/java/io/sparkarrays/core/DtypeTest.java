// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DtypeTest {

  /** Columns: numpy's {@code str(dtype)} little-endian, big-endian, its code, and its size. */
  @ParameterizedTest
  @CsvSource({
    "bool, bool, b1, 1",
    "int8, int8, i1, 1",
    "uint8, uint8, u1, 1",
    "int16, >i2, i2, 2",
    "uint16, >u2, u2, 2",
    "int32, >i4, i4, 4",
    "uint32, >u4, u4, 4",
    "int64, >i8, i8, 8",
    "uint64, >u8, u8, 8",
    "float16, >f2, f2, 2",
    "float32, >f4, f4, 4",
    "float64, >f8, f8, 8",
    "complex64, >c8, c8, 8",
    "complex128, >c16, c16, 16"
  })
  void everySpelling(String little, String big, String code, int size) {
    Dtype dtype = Dtype.parse(little);
    assertThat(dtype).hasToString(little);
    assertThat(dtype.size()).isEqualTo(size);
    assertThat(dtype.bigEndian()).isFalse();
    assertThat(dtype.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    assertThat(Dtype.of(dtype.type())).isEqualTo(dtype);
    for (String text : new String[] {code, "<" + code, "=" + code, "|" + code, "<" + little}) {
      assertThat(Dtype.parse(text)).as(text).isEqualTo(dtype);
    }
    assertThat(Dtype.parse(">" + code)).isEqualTo(new Dtype(dtype.type(), true)).hasToString(big);
    assertThat(Dtype.parse(">" + code).equals(dtype)).isEqualTo(dtype.type().componentSize() == 1);
  }

  @Test
  void everyTypeIsInTheTable() {
    assertThat(ElementType.values()).hasSize(14);
    assertThat(ElementType.COMPLEX64.componentSize()).isEqualTo(4);
    assertThat(ElementType.COMPLEX64.components()).isEqualTo(2);
    assertThat(Dtype.parse(">c8").order()).isEqualTo(ByteOrder.BIG_ENDIAN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", ">", "float", "f3", "u", "4", "Float32", "S10", "O", "M8[ns]", "<<f4", "f4,f4"
      })
  void otherTextIsRefused(String text) {
    assertThatThrownBy(() -> Dtype.parse(text))
        .isInstanceOfSatisfying(
            ArrayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DTYPE_UNSUPPORTED))
        .hasMessageContaining("'" + text + "'");
  }
}
