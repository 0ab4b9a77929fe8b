"""What every supported Spark version must do with the packaged jar; `make test-matrix` runs it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession

import spark_arrays

SCAN, FRAME = (4, 3), (2, 5)
SPARK_ERRORS = (PySparkException, Py4JJavaError)


@pytest.fixture(scope="module")
def array() -> npt.NDArray[Any]:
    return np.arange(120, dtype="uint16").reshape(SCAN + FRAME)


@pytest.fixture
def path(array: npt.NDArray[Any], tmp_path: Path) -> Path:
    """Give a data set that no Spark wrote."""
    path = tmp_path / "scan"
    (path / "parts").mkdir(parents=True)
    structure = {
        "version": 1,
        "slices": [[0, 5], [5, 7], [7, 12]],
        "shape": [*SCAN, *FRAME],
        "sig_dims": 2,
        "dtype": "uint16",
    }
    (path / "structure.json").write_text(json.dumps(structure))
    flat = array.reshape(12, *FRAME)
    for index, (start, stop) in enumerate([(0, 5), (5, 7), (7, 12)]):
        (path / "parts" / f"partition-{index:08d}").write_bytes(flat[start:stop].tobytes())
    return path


def read(spark: SparkSession, path: Path, **options: str) -> DataFrame:
    return spark.read.format("clusterdata").options(**options).load(str(path))


def frames(table: DataFrame) -> list[tuple[int, list[int]]]:
    rows = table.select("frame_index", "frame").orderBy("frame_index").collect()
    return [(row.frame_index, row.frame) for row in rows]


def expected(array: npt.NDArray[Any], *indexes: int) -> list[tuple[int, list[int]]]:
    flat = array.reshape(12, 10)
    return [(index, flat[index].tolist()) for index in indexes]


def write(df: DataFrame, path: Path, mode: str, **options: Any) -> None:
    df.write.format("clusterdata").options(**options).mode(mode).save(str(path))


def test_the_session_loads_the_jar(spark: SparkSession) -> None:
    assert spark.conf.get("spark.sql.catalog.spark_arrays", "")


def test_read(spark: SparkSession, path: Path, array: npt.NDArray[Any]) -> None:
    table = read(spark, path)
    assert table.columns == ["frame_index", "scan_0", "scan_1", "frame"]
    assert frames(table) == expected(array, *range(12))
    np.testing.assert_array_equal(spark_arrays.to_numpy(table), array.reshape(12, *FRAME))


@pytest.mark.parametrize("form", ["nested", "binary"])
def test_forms_of_frames(
    spark: SparkSession, path: Path, array: npt.NDArray[Any], form: str
) -> None:
    row = read(spark, path, frames=form).where("frame_index = 6").collect()[0]
    frame = array.reshape(12, *FRAME)[6]
    assert row.frame == (frame.tolist() if form == "nested" else frame.tobytes())


def test_predicates_are_pushed(spark: SparkSession, path: Path, array: npt.NDArray[Any]) -> None:
    table = read(spark, path).where("scan_0 = 1 AND scan_1 <> 1 OR frame_index IN (0, 11)")
    assert frames(table) == expected(array, 0, 3, 5, 11)
    plan = table._jdf.queryExecution().executedPlan().toString()
    assert not re.search(r"\bFilter\b", plan)


def test_limit(spark: SparkSession, path: Path, array: npt.NDArray[Any]) -> None:
    assert frames(read(spark, path).limit(2)) == expected(array, 0, 1)


def test_sql(spark: SparkSession, path: Path, array: npt.NDArray[Any]) -> None:
    spark.sql(f"CREATE OR REPLACE TEMPORARY VIEW smoke USING clusterdata OPTIONS (path '{path}')")
    query = "SELECT scan_0, max(aggregate(frame, 0, (a, x) -> a + x)) FROM smoke GROUP BY scan_0"
    totals = array.reshape(4, 3, 10).astype(int).sum(axis=2).max(axis=1).tolist()
    assert sorted(map(tuple, spark.sql(query).collect())) == list(enumerate(totals))
    assert spark.sql("SELECT count(*) FROM smoke").collect()[0][0] == 12


def test_metadata_columns(spark: SparkSession, path: Path) -> None:
    rows = read(spark, path).select("_file", "_partition", "_offset", "frame_index").collect()
    assert {(row._partition, Path(row._file).name) for row in rows} == {
        (index, f"partition-{index:08d}") for index in range(3)
    }


@pytest.mark.parametrize("mode", ["errorifexists", "ignore", "append", "overwrite"])
def test_write_of_every_mode(
    spark: SparkSession, tmp_path: Path, array: npt.NDArray[Any], mode: str
) -> None:
    path = tmp_path / "written"
    frame_table = spark_arrays.from_numpy(spark, array)
    write(frame_table, path, mode, scanShape="4,3", partitions=4)
    assert frames(read(spark, path)) == expected(array, *range(12))
    assert sorted(file.name for file in tmp_path.iterdir()) == ["written"]
    if mode == "ignore":
        write(frame_table.limit(0), path, mode)
    elif mode == "overwrite":
        write(spark_arrays.from_numpy(spark, array + 1), path, mode)
        array = array + 1
    else:
        with pytest.raises(SPARK_ERRORS):
            write(frame_table, path, mode)
    assert frames(read(spark, path)) == expected(array, *range(12))


def test_partitions_are_appended_and_replaced(
    spark: SparkSession, tmp_path: Path, array: npt.NDArray[Any]
) -> None:
    path = tmp_path / "written"
    table = spark_arrays.from_numpy(spark, array)
    write(table.where("frame_index < 6"), path, "append", scanShape="4,3", partitions=2)
    write(table.where("frame_index >= 6"), path, "append")
    assert frames(read(spark, path)) == expected(array, *range(12))
    other = spark_arrays.from_numpy(spark, array + 1).where("frame_index < 6")
    write(other, path, "overwrite", overwriteMode="partitions")
    assert frames(read(spark, path)) == (
        expected(array + 1, *range(6)) + expected(array, *range(6, 12))
    )


def test_errors_keep_their_names(spark: SparkSession, path: Path) -> None:
    (path / "parts" / "partition-00000001").unlink()
    with pytest.raises(SPARK_ERRORS, match=r"\[PARTITION_MISSING\]"):
        read(spark, path).collect()
    (path / "structure.json").write_text("{")
    with pytest.raises(SPARK_ERRORS, match=r"\[STRUCTURE_INVALID\]"):
        read(spark, path.rename(path.with_name("torn"))).collect()


def test_frames_reach_python(spark: SparkSession, path: Path, array: npt.NDArray[Any]) -> None:
    def sums(batches: Iterator[Any]) -> Iterator[Any]:
        import pyarrow as pa

        for batch in batches:
            totals = [sum(frame) for frame in batch.column(1).to_pylist()]
            yield pa.RecordBatch.from_arrays(
                [batch.column(0), pa.array(totals, pa.int64())], names=["frame_index", "total"]
            )

    table = read(spark, path).select("frame_index", "frame")
    found = table.mapInArrow(sums, "frame_index bigint, total bigint").collect()
    totals = array.reshape(12, 10).astype(int).sum(axis=1).tolist()
    assert sorted(map(tuple, found)) == list(enumerate(totals))


def view(spark: SparkSession, path: Path, name: str, **options: str) -> None:
    read(spark, path, **options).createOrReplaceTempView(name)


def plan(table: DataFrame) -> str:
    return str(table._jdf.queryExecution().executedPlan().toString())


def test_scalar_functions(spark: SparkSession, path: Path, array: npt.NDArray[Any]) -> None:
    view(spark, path, "frames")
    mask = "array(true, false, true, false, false, false, false, false, false, true)"
    columns = {
        "sum": "frame_sum(frame)",
        "mean": "frame_mean(frame)",
        "least": "frame_min(frame)",
        "most": "frame_max(frame)",
        "std": "frame_std(frame)",
        "at": "frame_at(frame, 7)",
        "region": "frame_region(frame, 2, 5, 0, 2, 1, 3)",
        "masked": f"masked_sum(frame, {mask})",
        "com": "center_of_mass(frame, 2, 5)",
    }
    calls = ", ".join(f"arrays.{call} AS {name}" for name, call in columns.items())
    rows = spark.sql(f"SELECT {calls} FROM frames ORDER BY frame_index").collect()
    for row, frame in zip(rows, array.reshape(12, *FRAME).astype(float), strict=True):
        flat = frame.ravel()
        y, x = np.indices(FRAME)
        assert row.sum == flat.sum()
        assert row.mean == flat.mean()
        assert row.least == flat.min()
        assert row.most == flat.max()
        assert row.at == flat[7]
        assert row.std == pytest.approx(flat.std())
        assert row.region == frame[:, 1:3].ravel().tolist()
        assert row.masked == flat[[0, 2, 9]].sum()
        assert row.com == pytest.approx(
            [(frame * y).sum() / flat.sum(), (frame * x).sum() / flat.sum()]
        )


def test_functions_of_other_rows(spark: SparkSession, path: Path, array: npt.NDArray[Any]) -> None:
    sums = array.reshape(12, 10).sum(axis=1, dtype=float).tolist()
    binary = read(spark, path, frames="binary").orderBy("frame_index")
    rows = binary.selectExpr("arrays.frame_sum(frame, 'uint16') AS s").collect()
    assert [row.s for row in rows] == sums
    held = spark.createDataFrame(read(spark, path).collect()).orderBy("frame_index")
    assert [row.s for row in held.selectExpr("arrays.frame_sum(frame) AS s").collect()] == sums
    kept = read(spark, path).where(f"arrays.frame_sum(frame) > {sums[8]}")
    assert frames(kept) == expected(array, 9, 10, 11)


def test_aggregates(spark: SparkSession, path: Path, array: npt.NDArray[Any]) -> None:
    view(spark, path, "frames")
    flat = array.reshape(12, 10).astype(float)
    calls = (
        "arrays.frame_total(frame) AS total, arrays.frame_average(frame) AS average,"
        " arrays.frame_maximum(frame) AS maximum"
    )
    whole = spark.sql(f"SELECT {calls} FROM frames WHERE frame_index >= 3")
    assert "reduced while read" in plan(whole)
    row = whole.collect()[0]
    assert row.total == flat[3:].sum(axis=0).tolist()
    assert row.average == pytest.approx(flat[3:].mean(axis=0))
    assert row.maximum == flat[3:].max(axis=0).tolist()
    groups = spark.sql(f"SELECT scan_0, {calls} FROM frames GROUP BY scan_0").collect()
    assert len(groups) == 4
    for row in groups:
        part = flat[3 * row.scan_0 : 3 * row.scan_0 + 3]
        assert row.total == part.sum(axis=0).tolist()
        assert row.average == pytest.approx(part.mean(axis=0))
        assert row.maximum == part.max(axis=0).tolist()
    keys = "frame_index, arrays.frame_sum(frame)"
    assert spark.sql(f"SELECT {keys} FROM frames GROUP BY {keys}").count() == 12


def test_counts_and_bounds_need_no_file(spark: SparkSession, path: Path) -> None:
    view(spark, path, "frames", metadataColumns="_partition")
    bounds = "SELECT count(*), min(frame_index), max(scan_0) FROM frames WHERE scan_1 = 2"
    table = spark.sql(bounds)
    assert "LocalTableScan" in plan(table)
    assert tuple(table.collect()[0]) == (4, 2, 3)
    counts = spark.sql("SELECT _partition, count(*) AS n FROM frames GROUP BY _partition").collect()
    assert sorted(map(tuple, counts)) == [(0, 5), (1, 2), (2, 5)]


def test_order_limit_and_offset(spark: SparkSession, path: Path, array: npt.NDArray[Any]) -> None:
    view(spark, path, "frames")
    top = spark.sql("SELECT frame_index, frame FROM frames ORDER BY frame_index DESC LIMIT 2")
    assert [tuple(row) for row in top.collect()] == expected(array, 11, 10)
    assert re.search(r"order|limit", plan(top).split("BatchScan")[1])
    assert frames(read(spark, path).limit(5).offset(3)) == expected(array, 3, 4)
    assert frames(read(spark, path).offset(10)) == expected(array, 10, 11)


def test_samples(spark: SparkSession, path: Path) -> None:
    view(spark, path, "frames")
    sample = spark.sql("SELECT frame_index FROM frames TABLESAMPLE (50 PERCENT) REPEATABLE (3)")
    found = sorted(row.frame_index for row in sample.collect())
    assert "BERNOULLI" in plan(sample)
    assert found == sorted(row.frame_index for row in sample.collect())
    assert 0 < len(found) < 12
    assert set(found) < set(range(12))


def test_joins_by_file(spark: SparkSession, path: Path, array: npt.NDArray[Any]) -> None:
    table = read(spark, path).select("frame_index", "frame", "_file")
    other = read(spark, path).select("_file", "_partition").distinct()
    joined = table.join(other, "_file").select("frame_index", "frame", "_partition")
    rows = joined.orderBy("frame_index").collect()
    assert [(row.frame_index, row.frame) for row in rows] == expected(array, *range(12))
    assert [row._partition for row in rows] == [0] * 5 + [1] * 2 + [2] * 5
    counts = table.groupBy("_file").count().collect()
    assert sorted(row["count"] for row in counts) == [2, 5, 5]
    good = spark.createDataFrame([(2,), (9,)], "frame_index bigint")
    assert frames(read(spark, path).join(good, "frame_index")) == expected(array, 2, 9)


def test_statistics_of_frames(spark: SparkSession, path: Path, array: npt.NDArray[Any]) -> None:
    flat = array.reshape(12, 10).astype(float)
    rows = read(spark, path).select("frame_index", "_stats").orderBy("frame_index").collect()
    for row, frame in zip(rows, flat, strict=True):
        assert row._stats[:4] == (frame.sum(), frame.min(), frame.max(), frame.mean())
        assert row._stats.std == pytest.approx(frame.std())
    bright = read(spark, path).where("_stats.sum > 900")
    assert frames(bright) == expected(array, *np.flatnonzero(flat.sum(axis=1) > 900).tolist())
    view(spark, path, "frames", region="0:1,0:5", metadataColumns="_stats")
    top = spark.sql("SELECT frame_index, _stats.max FROM frames ORDER BY _stats.sum DESC LIMIT 2")
    assert [tuple(row) for row in top.collect()] == [(11, flat[11, 4]), (10, flat[10, 4])]
    assert "frame," not in plan(top).split("BatchScan")[1]


def test_streams_and_caches(
    spark: SparkSession, path: Path, array: npt.NDArray[Any], tmp_path: Path
) -> None:
    target = tmp_path / "streamed"
    query = (
        spark.readStream.format("clusterdata")
        .option("maxFramesPerTrigger", 4)
        .load(str(path))
        .writeStream.format("clusterdata")
        .option("scanShape", "4,3")
        .option("partitions", 2)
        .option("checkpointLocation", str(tmp_path / "checkpoint"))
        .trigger(availableNow=True)
        .start(str(target))
    )
    assert query.awaitTermination(120)
    assert frames(read(spark, target)) == expected(array, *range(12))
    copy = spark_arrays.cache(read(spark, path), tmp_path / "cache", partitions=3)
    assert frames(copy) == expected(array, *range(12))
