"""ClusterDataSets, written and read by Spark with the packaged jar."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession

from samples import assert_same, sample
from spark_arrays import frame_dtype, frame_field, frame_shape, frames, from_numpy, to_numpy

SCAN, FRAME = (6, 5), (4, 7)
WRITTEN = ["float32", "float64", "uint8", "uint16", "int32", "complex64", "bool"]
SPARK_ERRORS = (PySparkException, Py4JJavaError)


def read(spark: SparkSession, path: Path, **options: Any) -> DataFrame:
    """Read a data set."""
    return spark.read.format("clusterdata").options(**options).load(str(path))


def write(df: DataFrame, path: Path, mode: str = "errorifexists", **options: Any) -> None:
    """Write a data set of the scan that most tests use, in 4 partitions if nothing else is said."""
    if "structure" not in options:
        options = {"scanShape": "6,5", "partitions": 4, **options}
    df.write.format("clusterdata").options(**options).mode(mode).save(str(path))


@pytest.fixture(scope="module")
def array() -> npt.NDArray[Any]:
    """Give the array that the tests of reading share."""
    return sample("uint16", SCAN + FRAME)


@pytest.fixture(scope="module")
def path(
    spark: SparkSession, array: npt.NDArray[Any], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Give its data set; tests only read it."""
    path = tmp_path_factory.mktemp("clusterdata") / "scan"
    write(from_numpy(spark, array), path)
    return path


@pytest.mark.parametrize("dtype", WRITTEN)
def test_round_trip(spark: SparkSession, tmp_path: Path, dtype: str) -> None:
    array = sample(dtype, SCAN + FRAME)
    write(from_numpy(spark, array).orderBy("frame_index", ascending=False), tmp_path / "scan")
    table = read(spark, tmp_path / "scan")
    assert table.columns == ["frame_index", "scan_0", "scan_1", "frame"]
    assert frame_shape(table.schema["frame"]) == FRAME
    assert frame_dtype(table.schema["frame"]) == np.dtype(dtype)
    assert table.schema["frame"].dataType == frame_field("frame", dtype, FRAME).dataType
    assert_same(to_numpy(table), array.reshape(-1, *FRAME))


def test_what_is_on_disk(array: npt.NDArray[Any], path: Path) -> None:
    structure = json.loads((path / "structure.json").read_text())
    slices = structure.pop("slices")
    expected = {"version": 1, "shape": [*SCAN, *FRAME], "sig_dims": 2, "dtype": "uint16"}
    assert structure == expected
    names = [f"partition-{number:08d}" for number in range(4)]
    assert sorted(file.name for file in (path / "parts").iterdir()) == names
    flat = array.reshape(-1, *FRAME)
    for (start, end), name in zip(slices, names, strict=True):
        assert (path / "parts" / name).read_bytes() == flat[start:end].tobytes()


def test_scan_columns(spark: SparkSession, path: Path) -> None:
    rows = read(spark, path).select("frame_index", "scan_0", "scan_1").collect()
    assert sorted(map(tuple, rows)) == [(i, i // 5, i % 5) for i in range(30)]


PREDICATES = [
    ("frame_index = 7", lambda i, y, x: i == 7),
    ("frame_index < 9 AND frame_index >= 3", lambda i, y, x: 3 <= i < 9),
    ("scan_0 = 2", lambda i, y, x: y == 2),
    ("scan_1 IN (0, 4) AND scan_0 > 3", lambda i, y, x: x in (0, 4) and y > 3),
    ("scan_1 BETWEEN 1 AND 2 OR frame_index = 29", lambda i, y, x: x in (1, 2) or i == 29),
    ("NOT (scan_0 = 1 OR scan_1 <= 3)", lambda i, y, x: y != 1 and x > 3),
    ("frame_index > 99", lambda i, y, x: False),
]


@pytest.mark.parametrize(("predicate", "holds"), PREDICATES, ids=[text for text, _ in PREDICATES])
def test_predicates_are_array_indexing(
    spark: SparkSession,
    array: npt.NDArray[Any],
    path: Path,
    capsys: pytest.CaptureFixture[str],
    predicate: str,
    holds: Any,
) -> None:
    table = read(spark, path).where(predicate)
    chosen = [i for i in range(30) if holds(i, *divmod(i, 5))]
    assert_same(to_numpy(table), array.reshape(-1, *FRAME)[chosen])
    table.explain()
    assert "Filter" not in capsys.readouterr().out.replace("Filters", "")


def test_sql(spark: SparkSession, array: npt.NDArray[Any], path: Path) -> None:
    spark.sql(f"CREATE OR REPLACE TEMPORARY VIEW scan USING clusterdata OPTIONS (path '{path}')")
    try:
        found = spark.sql("SELECT frame_index, frame FROM scan WHERE scan_0 = 3 AND scan_1 < 2")
        assert_same(to_numpy(found), array[3, :2])
        assert spark.sql("SELECT count(*) AS n FROM scan").collect()[0].n == 30
        maxima = spark.sql("SELECT array_max(frame) AS m FROM scan ORDER BY frame_index").collect()
        assert [row.m for row in maxima] == array.reshape(30, -1).max(axis=1).tolist()
    finally:
        spark.catalog.dropTempView("scan")


def test_region(spark: SparkSession, array: npt.NDArray[Any], path: Path) -> None:
    table = read(spark, path, region="1:3,2:7")
    assert frame_shape(table.schema["frame"]) == (2, 5)
    assert_same(to_numpy(table), array.reshape(-1, *FRAME)[:, 1:3, 2:7])


@pytest.mark.parametrize("form", ["nested", "binary"])
@pytest.mark.parametrize("dtype", WRITTEN)
def test_forms(spark: SparkSession, tmp_path: Path, form: str, dtype: str) -> None:
    array = sample(dtype, SCAN + FRAME)
    write(from_numpy(spark, array), tmp_path / "scan")
    table = read(spark, tmp_path / "scan", frames=form)
    element = frame_field("frame", dtype, FRAME).dataType.simpleString()
    types = {"binary": "binary", "nested": f"array<{element}>"}
    assert table.schema["frame"].dataType.simpleString() == types[form]
    assert_same(to_numpy(table), array.reshape(-1, *FRAME))


@pytest.mark.parametrize(("dtype", "narrow"), [("uint8", "tinyint"), ("uint16", "smallint")])
def test_signed_columns(spark: SparkSession, tmp_path: Path, dtype: str, narrow: str) -> None:
    array = sample(dtype, SCAN + FRAME)
    write(from_numpy(spark, array), tmp_path / "scan")
    table = read(spark, tmp_path / "scan", unsigned="signed")
    assert table.schema["frame"].dataType.simpleString() == f"array<{narrow}>"
    assert_same(to_numpy(table), array.reshape(-1, *FRAME))


def test_small_splits_and_batches(spark: SparkSession, array: npt.NDArray[Any], path: Path) -> None:
    frame_bytes = array[0, 0].nbytes
    table = read(spark, path, maxPartitionBytes=3 * frame_bytes, batchBytes=2 * frame_bytes)
    assert table.rdd.getNumPartitions() >= 10
    assert_same(to_numpy(table), array.reshape(-1, *FRAME))


def test_frames_in_tasks(spark: SparkSession, array: npt.NDArray[Any], path: Path) -> None:
    def sums(batches: Any) -> Any:
        import pyarrow as pa

        for batch in batches:
            total = frames(batch).sum(axis=(1, 2), dtype=np.int64)
            columns = [batch.column("frame_index"), pa.array(total)]
            yield pa.RecordBatch.from_arrays(columns, ["i", "s"])

    rows = read(spark, path).mapInArrow(sums, "i bigint, s bigint").collect()
    expected = array.reshape(30, -1).sum(axis=1, dtype=np.int64)
    assert {row.i: row.s for row in rows} == dict(enumerate(expected.tolist()))


def test_metadata_columns(spark: SparkSession, path: Path) -> None:
    slices = json.loads((path / "structure.json").read_text())["slices"]
    table = read(spark, path)
    assert "_file" not in table.columns
    for row in table.select("frame_index", "_file", "_partition").collect():
        start, end = slices[row._partition]
        assert start <= row.frame_index < end
        assert row._file.endswith(f"parts/partition-{row._partition:08d}")


def test_uneven_partitions(spark: SparkSession, tmp_path: Path) -> None:
    array = sample("int32", SCAN + FRAME)
    structure = {
        "version": 1,
        "slices": [[0, 1], [1, 18], [18, 30]],
        "shape": [*SCAN, *FRAME],
        "sig_dims": 2,
        "dtype": "int32",
    }
    write(from_numpy(spark, array), tmp_path / "scan", structure=json.dumps(structure))
    assert json.loads((tmp_path / "scan" / "structure.json").read_text()) == structure
    sizes = [file.stat().st_size for file in sorted((tmp_path / "scan" / "parts").iterdir())]
    assert sizes == [count * array[0, 0].nbytes for count in (1, 17, 12)]
    assert_same(to_numpy(read(spark, tmp_path / "scan")), array.reshape(-1, *FRAME))


class TestIncomplete:
    """A set of which partition 2 (of 6: five frames each) was never written."""

    @pytest.fixture
    def incomplete(self, spark: SparkSession, array: npt.NDArray[Any], tmp_path: Path) -> Path:
        """Append all partitions but one to a set that is not there yet."""
        rows = from_numpy(spark, array).where("frame_index < 10 OR frame_index >= 15")
        write(rows, tmp_path / "scan", mode="append", partitions=6)
        return tmp_path / "scan"

    def test_fail_is_the_default(self, spark: SparkSession, incomplete: Path) -> None:
        with pytest.raises(SPARK_ERRORS, match="PARTITION_MISSING"):
            to_numpy(read(spark, incomplete))

    def test_frames_that_are_there_need_no_option(
        self, spark: SparkSession, array: npt.NDArray[Any], incomplete: Path
    ) -> None:
        assert_same(to_numpy(read(spark, incomplete).where("scan_0 = 1")), array[1])

    def test_skip(self, spark: SparkSession, array: npt.NDArray[Any], incomplete: Path) -> None:
        table = read(spark, incomplete, missing="skip")
        assert table.count() == 25
        assert_same(to_numpy(table), np.delete(array, 2, axis=0).reshape(-1, *FRAME))

    def test_fill(self, spark: SparkSession, array: npt.NDArray[Any], incomplete: Path) -> None:
        expected = array.copy()
        expected[2] = 0
        table = read(spark, incomplete, missing="fill")
        assert_same(to_numpy(table), expected.reshape(-1, *FRAME))

    def test_append_completes_it(
        self, spark: SparkSession, array: npt.NDArray[Any], incomplete: Path
    ) -> None:
        rows = from_numpy(spark, array).where("frame_index between 10 and 14")
        write(rows, incomplete, mode="append", partitions=6)
        assert_same(to_numpy(read(spark, incomplete)), array.reshape(-1, *FRAME))


class TestModes:
    """Writing where a data set is already; another array must win or lose as a whole."""

    @pytest.fixture
    def existing(self, spark: SparkSession, array: npt.NDArray[Any], tmp_path: Path) -> Path:
        """Write the first data set."""
        write(from_numpy(spark, array), tmp_path / "scan")
        return tmp_path / "scan"

    @pytest.fixture
    def other(self) -> npt.NDArray[Any]:
        """Give other values of the same shape and dtype."""
        return sample("uint16", SCAN + FRAME, seed=2)

    @pytest.mark.parametrize("mode", ["errorifexists", "append"])
    def test_refused(
        self,
        spark: SparkSession,
        array: npt.NDArray[Any],
        other: npt.NDArray[Any],
        existing: Path,
        mode: str,
    ) -> None:
        with pytest.raises(SPARK_ERRORS, match=r"(?i)exists"):
            write(from_numpy(spark, other), existing, mode=mode)
        assert_same(to_numpy(read(spark, existing)), array.reshape(-1, *FRAME))

    def test_ignore(
        self,
        spark: SparkSession,
        array: npt.NDArray[Any],
        other: npt.NDArray[Any],
        existing: Path,
    ) -> None:
        write(from_numpy(spark, other), existing, mode="ignore")
        assert_same(to_numpy(read(spark, existing)), array.reshape(-1, *FRAME))

    def test_overwrite(self, spark: SparkSession, other: npt.NDArray[Any], existing: Path) -> None:
        write(from_numpy(spark, other), existing, mode="overwrite", partitions=3)
        assert len(list((existing / "parts").iterdir())) == 3
        assert_same(to_numpy(read(spark, existing)), other.reshape(-1, *FRAME))

    def test_overwrite_of_partitions(
        self,
        spark: SparkSession,
        array: npt.NDArray[Any],
        other: npt.NDArray[Any],
        existing: Path,
    ) -> None:
        start, end = json.loads((existing / "structure.json").read_text())["slices"][1]
        rows = from_numpy(spark, other).where(f"frame_index >= {start} AND frame_index < {end}")
        write(rows, existing, mode="overwrite", overwriteMode="partitions")
        expected = array.reshape(-1, *FRAME).copy()
        expected[start:end] = other.reshape(-1, *FRAME)[start:end]
        assert_same(to_numpy(read(spark, existing)), expected)

    def test_half_a_partition_publishes_nothing(
        self, spark: SparkSession, other: npt.NDArray[Any], tmp_path: Path
    ) -> None:
        rows = from_numpy(spark, other).where("frame_index <> 8")
        with pytest.raises(SPARK_ERRORS, match="FRAMES_MISSING"):
            write(rows, tmp_path / "new")
        parts = tmp_path / "new" / "parts"
        assert not parts.exists() or not list(parts.iterdir())
