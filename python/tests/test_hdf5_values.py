"""Elements of HDF5's data sets as Spark's values, and what a column's metadata say."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest
from pyspark.sql import SparkSession

from hdf5_tables import read, refused


@pytest.mark.parametrize("form", ["array", "nested", "binary"])
def test_forms_of_frames(spark: SparkSession, tmp_path: Path, form: str) -> None:
    """Frames flat, nested and as bytes; the metadata say what they are."""
    values = np.arange(2 * 3 * 4 * 5, dtype=">i4").reshape(2, 3, 4, 5)
    path = tmp_path / "a.h5"
    with h5py.File(path, "w") as file:
        data = file.create_dataset("data", data=values, chunks=(1, 2, 4, 5), compression="lzf")
        data.attrs["units"] = "counts"
        data.attrs["gain"] = 2.5
        data.attrs["offsets"] = np.array([1, 2, 3])
        data.attrs["strange"] = [np.nan, 1.0]
        data.attrs["on"] = True
    df = read(spark, path, frames=form)
    metadata = df.schema["data"].metadata
    assert metadata["shape"] == [4, 5]
    assert metadata["dtype"] == ">i4"
    assert metadata["source"] == "/data"
    attributes = metadata["attributes"]
    assert attributes["units"] == "counts"
    assert attributes["gain"] == 2.5
    assert attributes["offsets"] == [1, 2, 3]
    assert attributes["on"] is True
    assert attributes["strange"] == ["NaN", "1.0"]
    rows = [row[0] for row in df.orderBy("frame_index").select("data").collect()]
    if form == "binary":
        found = np.array([np.frombuffer(row, "<i4") for row in rows]).reshape(values.shape)
    else:
        found = np.array(rows).reshape(values.shape)
    np.testing.assert_array_equal(found, values)


def test_numbers_without_a_dtype(spark: SparkSession, tmp_path: Path) -> None:
    """Integers of three bytes, bits, and arrays in elements are numbers too."""
    path = tmp_path / "a.h5"
    with h5py.File(path, "w") as file:
        space = h5py.h5s.create_simple((5,))
        three = h5py.h5t.STD_I32LE.copy()
        three.set_size(3)
        three.set_precision(24)
        numbers = np.array([-3, 0, 8_000_000, -8_000_000, 7], "<i4")
        data = h5py.h5d.create(file.id, b"three", three, space)
        data.write(h5py.h5s.ALL, h5py.h5s.ALL, numbers, h5py.h5t.NATIVE_INT32)
        file.create_dataset("pairs", (5,), np.dtype(("<u2", (3, 2))))
        file["pairs"][...] = np.arange(30).reshape(5, 3, 2)
    df = read(spark, path, dataset="three")
    assert [row.three for row in df.collect()] == [-3, 0, 8_000_000, -8_000_000, 7]
    df = read(spark, path, dataset="pairs")
    assert df.schema["pairs"].metadata["shape"] == [3, 2]
    np.testing.assert_array_equal([row.pairs for row in df.collect()], np.arange(30).reshape(5, 6))
    cut = read(spark, path, dataset="pairs", region="1:3,1:2")
    np.testing.assert_array_equal(
        [row.pairs for row in cut.collect()], np.arange(30).reshape(5, 3, 2)[:, 1:3, 1]
    )


def test_values_that_are_no_numbers(spark: SparkSession, tmp_path: Path) -> None:
    """Text, records, enumerations, sequences and bytes, beside what can't be read."""
    path = tmp_path / "a.h5"
    record = np.dtype(
        [("t", "<f8"), ("n", ">i4"), ("s", "S4"), ("m", "<f4", (2,)), ("v", h5py.string_dtype())]
    )
    colours = h5py.enum_dtype({"RED": 0, "GREEN": 1}, basetype="i1")
    with h5py.File(path, "w") as file:
        table = np.zeros(3, record)
        table["t"], table["n"], table["s"] = [0.5, 1.5, 2.5], [1, 2, 3], [b"a", b"bc", b"defg"]
        table["m"], table["v"] = np.arange(6).reshape(3, 2), ["x", "", "größe"]
        file.create_dataset("table", data=table, chunks=(2,), compression="gzip")
        file.create_dataset("text", data=["one", "", "drei ü"], dtype=h5py.string_dtype())
        file.create_dataset("fixed", data=np.array([b"ab", b"c", b""]))
        file.create_dataset("colour", data=np.array([1, 0, 7], "i1"), dtype=colours)
        file.create_dataset("flag", data=np.array([True, False, True]))
        vlen = file.create_dataset("vlen", (3,), h5py.vlen_dtype("i4"))
        vlen[0], vlen[2] = [1, 2, 3], [4]
        file.create_dataset("bytes", data=np.array([b"\1\2", b"\0\0", b"\3\0"], "V2"))
        file.create_dataset("z", data=np.array([1 + 2j, 3j, 4]))
        file.create_dataset("ref", data=[file["text"].ref] * 3, dtype=h5py.ref_dtype)
    names = "table, text, fixed, colour, flag, vlen, bytes, z, ref"
    df = read(spark, path, datasets=names)
    rows = df.drop("ref").orderBy("frame_index").collect()
    assert [tuple(row.table) for row in rows] == [
        (0.5, 1, "a", [0.0, 1.0], "x"),
        (1.5, 2, "bc", [2.0, 3.0], ""),
        (2.5, 3, "defg", [4.0, 5.0], "größe"),
    ]
    assert [row.text for row in rows] == ["one", "", "drei ü"]
    assert [row.fixed for row in rows] == ["ab", "c", ""]
    assert [row.colour for row in rows] == ["GREEN", "RED", "7"]
    assert [row.flag for row in rows] == [True, False, True]
    assert [row.vlen for row in rows] == [[1, 2, 3], [], [4]]
    assert [bytes(row.bytes) for row in rows] == [b"\1\2", b"\0\0", b"\3\0"]
    assert [tuple(row.z) for row in rows] == [(1.0, 2.0), (0.0, 3.0), (4.0, 0.0)]
    assert "DTYPE_UNSUPPORTED" in refused(df.select("ref").collect)
    assert df.where("table.n > 1").selectExpr("sum(table.t)").collect()[0][0] == 4.0
