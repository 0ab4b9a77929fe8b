"""Text, bytes, times and records in npz files, read through Spark and held against numpy."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest
from pyspark.sql import DataFrame, SparkSession

from spark_arrays import SparkArraysError, to_numpy

ROWS = 1000
EPOCH = datetime.datetime(1970, 1, 1)


def arrays() -> dict[str, npt.NDArray[Any]]:
    """Make arrays of equal length, of every kind that is no number."""
    rng = np.random.default_rng(5)
    words = np.array(["", "a", "bé", "漢字", "😀 ok", "12345"])
    record = np.dtype(
        [("id", "<i4"), ("name", ">U5"), ("pos", "<f4", (3,)), ("in", [("z", "c16"), ("t", "S3")])],
        align=True,
    )
    table = np.zeros(ROWS, record)
    table["id"] = np.arange(ROWS)
    table["name"] = rng.choice(words, ROWS)
    table["pos"] = rng.random((ROWS, 3))
    table["in"]["z"] = rng.random(ROWS) + 1j * rng.random(ROWS)
    table["in"]["t"] = rng.choice([b"", b"ab", b"xyz"], ROWS)
    times = rng.integers(-(10**15), 10**15, ROWS).astype("M8[us]")
    times[::7] = "NaT"
    return {
        "n": np.arange(ROWS),
        "word": rng.choice(words, ROWS).astype("<U5"),
        "big": rng.choice(words, ROWS).astype(">U5"),
        "grid": rng.choice(words, (ROWS, 2, 3)).astype("<U5"),
        "code": rng.choice([b"", b"ab", b"1234567"], ROWS).astype("S7"),
        "void": rng.integers(0, 256, (ROWS, 5), "u1").view("V5")[:, 0],
        "time": times,
        "nanos": times.astype("M8[ns]") + np.timedelta64(1, "ns"),
        "day": times.astype("M8[D]"),
        "span": (times - np.datetime64(0, "us")).astype("m8[ms]"),
        "record": table,
    }


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write them, cut into three ranks."""
    folder = tmp_path_factory.mktemp("values")
    for rank, (low, high) in enumerate(itertools.pairwise([0, 100, 450, ROWS])):
        rows: dict[str, Any] = {k: a[low:high] for k, a in arrays().items()}
        np.savez(folder / f"x.rank-{rank}.npz", **rows)
    return folder


@pytest.fixture
def table(spark: SparkSession, written: Path) -> DataFrame:
    """Read them."""
    # Batches of a few rows, so that their memory is used again and again.
    reader = spark.read.format("npz").option("mode", "columns").option("batchBytes", 4000)
    return reader.load(str(written))


@pytest.mark.parametrize("name", ["word", "big", "grid", "code", "void", "time", "day", "span"])
def test_columns_come_back_as_numpys_arrays(table: DataFrame, name: str) -> None:
    expected = arrays()[name]
    found = to_numpy(table, name)
    assert found.shape == expected.shape
    assert found.dtype == expected.dtype.newbyteorder("=")
    np.testing.assert_array_equal(found, expected)


def test_finer_times_are_rounded_as_astype_does_it(table: DataFrame) -> None:
    found = table.select("frame_index", "nanos").sort("frame_index").toArrow()["nanos"]
    expected = arrays()["nanos"].astype("M8[us]")
    np.testing.assert_array_equal(found.to_numpy(zero_copy_only=False), expected)


def record_as_python(value: np.void) -> dict[str, Any]:
    """Give a record as Arrow gives a struct."""
    z = value["in"]["z"]
    return {
        "id": int(value["id"]),
        "name": str(value["name"]),
        "pos": [float(x) for x in value["pos"]],
        "in": {"z": {"re": float(z.real), "im": float(z.imag)}, "t": value["in"]["t"].decode()},
    }


def test_records_are_structs(table: DataFrame) -> None:
    found = table.select("frame_index", "record").sort("frame_index").toArrow()["record"]
    assert found.to_pylist() == [record_as_python(value) for value in arrays()["record"]]
    with pytest.raises(SparkArraysError, match="record") as caught:
        to_numpy(table, "record")
    assert caught.value.code == "DTYPE_UNSUPPORTED"


def test_members_are_columns_of_queries(table: DataFrame) -> None:
    expected = arrays()["record"]
    row = table.selectExpr("sum(record.id)", "max(record.`in`.z.im)", "min(record.pos[1])").head()
    assert row is not None
    assert row[0] == expected["id"].sum()
    assert row[1] == expected["in"]["z"].imag.max()
    assert row[2] == expected["pos"][:, 1].min()
    names = table.where("record.name = '漢字'").count()
    assert names == (expected["name"] == "漢字").sum()


def test_batches_go_to_python_as_they_are(table: DataFrame) -> None:
    def describe(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            batch.validate(full=True)
            texts = [repr(row) for row in batch.drop_columns(["n"]).to_pylist()]
            yield pa.RecordBatch.from_arrays([batch["n"], pa.array(texts)], ["n", "text"])

    columns = ["n", "word", "grid", "time", "void", "record"]
    found = table.select(*columns).mapInArrow(describe, "n bigint, text string")
    made = arrays()
    for n, text in found.collect():
        time = made["time"][n]
        expected = {
            "word": str(made["word"][n]),
            "grid": [str(word) for word in made["grid"][n].ravel()],
            "time": None if np.isnat(time) else EPOCH + time.astype("m8[us]").item(),
            "void": made["void"][n].tobytes(),
            "record": record_as_python(made["record"][n]),
        }
        assert text == repr(expected)


def test_entries_of_any_dtype_are_bytes(spark: SparkSession, tmp_path: Path) -> None:
    made: dict[str, Any] = {name: array[1] for name, array in arrays().items()}
    scalars: dict[str, Any] = {name: np.asarray(value) for name, value in made.items()}
    np.savez(tmp_path / "scalars.npz", **scalars)
    rows = spark.read.format("npz").load(str(tmp_path)).select("name", "dtype", "shape", "values")
    for name, dtype, shape, values in rows.collect():
        expected = np.asarray(made[name])
        if name != "record":
            found = np.frombuffer(values, dtype).reshape(shape)
            np.testing.assert_array_equal(found, expected)
        assert bytes(values) == expected.tobytes()


def test_objects_are_an_error_only_when_they_are_read(spark: SparkSession, tmp_path: Path) -> None:
    np.savez(tmp_path / "o.npz", x=np.arange(3), o=np.array([{}, 1, ""], object))
    table = spark.read.format("npz").option("mode", "columns").load(str(tmp_path))
    assert table.count() == 3
    assert [row.x for row in table.drop("o").sort("x").collect()] == [0, 1, 2]
    with pytest.raises(Exception, match=r"\[DTYPE_UNSUPPORTED\] column o of o: .* pickle"):
        table.collect()
