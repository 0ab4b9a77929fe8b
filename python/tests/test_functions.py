"""Functions over frames: what numpy says of random frames of every element type is the truth."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from pyspark.sql import DataFrame, SparkSession

from samples import DTYPES, sample
from spark_arrays import from_numpy

HEIGHT, WIDTH = 37, 61
FRAMES = 9
REAL = [dtype for dtype in DTYPES if not dtype.startswith("complex")]


def _scan(dtype: str) -> npt.NDArray[Any]:
    """Give frames of more than one piece, with NaN, infinities, one value only and zeros."""
    scan = sample(dtype, (FRAMES, HEIGHT, WIDTH), seed=REAL.index(dtype))
    scan[1] = 0
    scan[2] = 1
    if np.dtype(dtype).kind == "f":
        scan[3, 5, 7] = np.nan
        scan[4, 36, 60] = np.inf
        scan[5, 0, 0], scan[5, 1, 1] = np.inf, -np.inf
        scan[6] = np.nan
    return scan


def _wide(frame: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    return frame.astype(np.float64)


def _sum(frame: npt.NDArray[Any]) -> float:
    if frame.dtype.kind in "biu":
        return float(sum(frame.ravel().tolist()))  # Python's own integers: exact
    return float(frame.sum(dtype=np.float64))


def _close(found: float, expected: float, scale: float) -> bool:
    if math.isnan(expected) or math.isinf(expected):
        return np.array_equal(found, expected, equal_nan=True)
    return abs(found - expected) <= 1e-12 * scale


def _python(value: Any) -> Any:
    """Give a numpy number as Spark's row has it, uint64 and bool too."""
    return value.item() if isinstance(value, np.generic) else value


def _number(value: Any) -> Any:
    return int(value) if hasattr(value, "as_tuple") else value


def _write(spark: SparkSession, scan: npt.NDArray[Any], path: Path) -> str:
    table = from_numpy(spark, scan, scan_rank=1)
    table.write.format("clusterdata").option("partitions", 2).option("scanShape", len(scan)).save(
        str(path)
    )
    return str(path)


@pytest.fixture(scope="module", params=REAL)
def stored(
    request: pytest.FixtureRequest, spark: SparkSession, tmp_path_factory: pytest.TempPathFactory
) -> tuple[npt.NDArray[Any], str]:
    """Give frames of each dtype and the path of a data set that holds them."""
    scan = _scan(request.param)
    folder = tmp_path_factory.mktemp("functions") / "scan"
    return scan, _write(spark, scan, folder)


def _read(spark: SparkSession, path: str, form: str = "array") -> DataFrame:
    return spark.read.format("clusterdata").option("frames", form).load(path)


def _statistics(dtype: str = "") -> str:
    """Give SQL of all scalar functions; with a dtype for binary frames."""
    d = dtype and f", '{dtype}'"
    return f"""
        SELECT frame_index,
        arrays.frame_sum(frame{d}) AS sum, arrays.frame_mean(frame{d}) AS mean,
        arrays.frame_std(frame{d}) AS std, arrays.frame_min(frame{d}) AS least,
        arrays.frame_max(frame{d}) AS greatest, arrays.frame_at(frame, 433{d}) AS element,
        arrays.frame_region(frame, 37, 61, 3, 11, 20, 60{d}) AS region,
        arrays.center_of_mass(frame, 37, 61{d}) AS center,
        arrays.masked_sum(frame, mask{d}) AS weighted,
        arrays.masked_sum(frame, selection{d}) AS chosen
        FROM {{table}}"""


def _masks() -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    random = np.random.default_rng(99)
    return random.random((HEIGHT, WIDTH)), random.random((HEIGHT, WIDTH)) < 0.3


def _with_masks(spark: SparkSession, table: DataFrame) -> DataFrame:
    weights, selection = _masks()
    masks = spark.createDataFrame(
        [(weights.ravel().tolist(), selection.ravel().tolist())],
        "mask array<double>, selection array<boolean>",
    )
    return table.crossJoin(masks)


def _assert_statistics(rows: list[Any], scan: npt.NDArray[Any], dtype: str | None = None) -> None:
    weights, selection = _masks()
    assert len(rows) == FRAMES
    for row in rows:
        frame = scan[row["frame_index"]]
        wide = _wide(frame)
        with np.errstate(all="ignore"):
            size = float(np.nansum(np.abs(wide[np.isfinite(wide)])))
            least, greatest = frame.min(), frame.max()
            if frame.dtype.kind in "biu":
                assert row["sum"] == _sum(frame)
            else:
                assert _close(row["sum"], _sum(frame), size)
            assert _close(row["mean"], _sum(frame) / frame.size, size / frame.size)
            assert _close(row["std"], wide.std(), abs(wide.std()) + size / frame.size)
            y, x = np.indices(frame.shape)
            total = wide.sum()
            for found, index in zip(row["center"], (y, x), strict=True):
                expected = (wide * index).sum() / total
                scale = size * 61 / abs(total) if total else 1
                scale *= max(1.0, size / abs(total) if total else 1)
                assert _close(found, float(expected), scale)
            assert _close(row["weighted"], float((wide * weights).sum()), size)
            assert _close(row["chosen"], float(wide[selection].sum()), size)
        region = frame[3:11, 20:60]
        element = frame.ravel()[433]
        if dtype is None:
            exact = [_python(least), _python(greatest), _python(element)]
            found = [_number(row[name]) for name in ("least", "greatest", "element")]
            np.testing.assert_array_equal(found, exact)
            assert [type(value) for value in found] == [type(value) for value in exact]
            np.testing.assert_array_equal(
                np.array([_number(v) for v in row["region"]], dtype=frame.dtype), region.ravel()
            )
        else:
            found = [row[name] for name in ("least", "greatest", "element")]
            np.testing.assert_array_equal(found, [float(v) for v in (least, greatest, element)])
            native = np.frombuffer(row["region"], dtype)
            np.testing.assert_array_equal(native, region.astype(dtype).ravel())


def _little(dtype: np.dtype[Any]) -> str:
    return str(dtype.newbyteorder("=")) if dtype.byteorder == ">" else str(dtype)


def test_array_frames(spark: SparkSession, stored: tuple[npt.NDArray[Any], str]) -> None:
    scan, path = stored
    table = _with_masks(spark, _read(spark, path))
    _assert_statistics(spark.sql(_statistics(), table=table).collect(), scan)


def test_binary_frames(spark: SparkSession, stored: tuple[npt.NDArray[Any], str]) -> None:
    scan, path = stored
    dtype = _little(scan.dtype)
    table = _with_masks(spark, _read(spark, path, "binary"))
    rows = spark.sql(_statistics(dtype), table=table).collect()
    _assert_statistics(rows, scan, np.dtype(dtype).str)


@pytest.mark.parametrize("holder", ["rows", "cached", "parquet", "interpreted", "row parquet"])
def test_frames_that_spark_holds(
    spark: SparkSession,
    stored: tuple[npt.NDArray[Any], str],
    tmp_path: Path,
    holder: str,
) -> None:
    scan, path = stored
    table = _with_masks(spark, _read(spark, path))
    settings = {}
    if holder == "rows":
        table = table.repartition(3, "frame_index")
    elif holder == "cached":
        table = table.cache()
    elif holder.endswith("parquet"):
        table.write.parquet(str(tmp_path / "frames"))
        table = spark.read.parquet(str(tmp_path / "frames"))
        settings["spark.sql.parquet.enableVectorizedReader"] = str(holder == "parquet").lower()
    else:
        settings["spark.sql.codegen.wholeStage"] = "false"
        settings["spark.sql.codegen.factoryMode"] = "NO_CODEGEN"
    old = {key: spark.conf.get(key, None) for key in settings}
    try:
        for key, value in settings.items():
            spark.conf.set(key, value)
        _assert_statistics(spark.sql(_statistics(), table=table).collect(), scan)
    finally:
        for key, before in old.items():
            if before is None:
                spark.conf.unset(key)
            else:
                spark.conf.set(key, before)
        table.unpersist()


@pytest.mark.parametrize("form", ["array", "binary"])
def test_aggregates(spark: SparkSession, stored: tuple[npt.NDArray[Any], str], form: str) -> None:
    scan, path = stored
    d = f", '{_little(scan.dtype)}'" if form == "binary" else ""
    _read(spark, path, form).createOrReplaceTempView("aggregated")
    calls = ", ".join(
        f"arrays.frame_{name}(frame{d}) AS {name}" for name in ("total", "average", "maximum")
    )
    whole = spark.sql(f"SELECT {calls} FROM aggregated").collect()
    _assert_aggregates(whole[0], scan, form)
    groups = spark.sql(f"SELECT frame_index % 3 AS g, {calls} FROM aggregated GROUP BY g").collect()
    assert len(groups) == 3
    for row in groups:
        _assert_aggregates(row, scan[row["g"] :: 3], form)
    nothing = spark.sql(f"SELECT {calls} FROM aggregated WHERE frame_index < 0").collect()
    assert nothing == [(None, None, None)]


def _assert_aggregates(row: Any, scan: npt.NDArray[Any], form: str) -> None:
    wide = _wide(scan)
    with np.errstate(all="ignore"):
        total = wide.sum(axis=0).ravel()
        scale = np.where(np.isfinite(wide), np.abs(wide), 0).sum(axis=0).ravel()
    for found, expected in ((row["total"], total), (row["average"], total / len(scan))):
        same = np.asarray(found)
        finite = np.isfinite(expected)
        np.testing.assert_array_equal(same[~finite], expected[~finite])
        assert (np.abs(same[finite] - expected[finite]) <= 1e-12 * scale[finite]).all()
    greatest = scan.max(axis=0).ravel()
    if form == "binary":
        np.testing.assert_array_equal(row["maximum"], greatest.astype(np.float64))
    else:
        found = np.array([_number(value) for value in row["maximum"]], dtype=scan.dtype)
        np.testing.assert_array_equal(found, greatest)


@pytest.mark.parametrize("seed", range(8))
def test_random_frames_of_any_length(spark: SparkSession, seed: int) -> None:
    random = np.random.default_rng(seed)
    dtype = np.dtype(random.choice(["int32", "int64", "float32", "float64"]))
    frames = [
        sample(str(dtype), (int(size),), seed) if size else np.empty(0, dtype)
        for size in [*random.integers(0, 5000, 6).tolist(), 0, 1, 2047, 2048, 2049]
    ]
    element = {"int32": "int", "int64": "bigint", "float32": "float", "float64": "double"}
    rows = [(number, frame.tolist()) for number, frame in enumerate(frames)]
    table = spark.createDataFrame(rows, f"n int, frame array<{element[str(dtype)]}>")
    found = spark.sql(
        "SELECT n, arrays.frame_sum(frame) AS s, arrays.frame_mean(frame) AS mean, "
        "arrays.frame_std(frame) AS std, arrays.frame_min(frame) AS lo, "
        "arrays.frame_max(frame) AS hi, arrays.masked_sum(frame, frame) AS squares FROM {t}",
        t=table,
    ).collect()
    assert len(found) == len(frames)
    for row in found:
        frame = frames[row["n"]]
        wide = _wide(frame)
        if len(frame) == 0:
            assert (row["s"], row["squares"]) == (0.0, 0.0)
            assert math.isnan(row["mean"])
            assert math.isnan(row["std"])
            assert (row["lo"], row["hi"]) == (None, None)
            continue
        size = float(np.abs(wide).sum())
        assert _close(row["s"], _sum(frame), size)
        assert _close(row["mean"], _sum(frame) / len(frame), size / len(frame))
        assert _close(row["std"], float(wide.std()), float(wide.std()) + size / len(frame))
        assert (row["lo"], row["hi"]) == (frame.min().item(), frame.max().item())
        assert _close(row["squares"], float((wide * wide).sum()), float((wide * wide).sum()))
