"""Types and metadata of columns of frames."""

from __future__ import annotations

import numpy as np
import pytest
from pyspark.sql import types as T  # noqa: N812 - Spark's own custom

from spark_arrays import SparkArraysError, frame_dtype, frame_field, frame_shape, spark_type

_FLOAT, _DOUBLE = T.FloatType(), T.DoubleType()


def _complex(part: T.DataType) -> T.StructType:
    return T.StructType([T.StructField("re", part, False), T.StructField("im", part, False)])


@pytest.mark.parametrize(
    ("dtype", "expected"),
    [
        ("bool", T.BooleanType()),
        ("int8", T.ByteType()),
        ("uint8", T.ShortType()),
        ("int16", T.ShortType()),
        ("uint16", T.IntegerType()),
        (">u2", T.IntegerType()),
        ("int32", T.IntegerType()),
        ("uint32", T.LongType()),
        ("int64", T.LongType()),
        ("uint64", T.DecimalType(20, 0)),
        ("float16", _FLOAT),
        (np.float32, _FLOAT),
        (">f8", _DOUBLE),
        ("complex64", _complex(_FLOAT)),
        ("complex128", _complex(_DOUBLE)),
    ],
)
def test_spark_type(dtype: str, expected: T.DataType) -> None:
    assert spark_type(dtype) == expected


@pytest.mark.parametrize("dtype", ["U5", "M8[ns]", "O", "no such dtype", [("a", "i4")]])
def test_spark_type_of_what_spark_has_not(dtype: object) -> None:
    with pytest.raises(SparkArraysError, match="complex64") as caught:
        spark_type(dtype)  # type: ignore[arg-type]
    assert caught.value.code == "DTYPE_UNSUPPORTED"


@pytest.mark.parametrize(
    ("dtype", "name"), [("<f4", "float32"), ("u2", "uint16"), (">u2", ">u2"), (bool, "bool")]
)
def test_metadata_holds_numpys_own_spelling(dtype: str, name: str) -> None:
    field = frame_field("frame", dtype, (3, 4))
    assert field.metadata == {"shape": [3, 4], "dtype": name}
    assert frame_shape(field) == (3, 4)
    assert frame_dtype(field) == np.dtype(dtype)


def test_metadata_survives_json() -> None:
    field = frame_field("frame", "complex64", np.array([5, 6, 7]))  # type: ignore[arg-type]
    again = T.StructType.fromJson(T.StructType([field]).jsonValue())["frame"]
    assert again == field
    assert again.metadata == field.metadata
    assert frame_shape(again) == (5, 6, 7)


def test_no_shape_makes_a_scalar_column() -> None:
    field = frame_field("value", "uint8", ())
    assert field.dataType == T.ShortType()
    assert frame_shape(field) == ()


def test_an_empty_frame_is_refused() -> None:
    with pytest.raises(SparkArraysError) as caught:
        frame_field("frame", "uint8", (4, 0))
    assert caught.value.code == "SHAPE_INVALID"


def test_a_column_without_metadata_is_told() -> None:
    field = T.StructField("x", T.ArrayType(_FLOAT))
    with pytest.raises(SparkArraysError, match="`x`") as caught:
        frame_shape(field)
    assert caught.value.code == "METADATA_MISSING"
