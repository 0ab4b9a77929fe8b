"""Functions over frames: by reference and by value alike, and what users do with them."""

from __future__ import annotations

import io
import itertools
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pandas as pd  # type: ignore[import-untyped,unused-ignore]
import pyarrow as pa
import pytest
from numpy.typing import NDArray
from pyspark.errors import PythonException
from pyspark.sql import DataFrame, SparkSession, functions
from pyspark.sql.types import StructType

import spark_arrays
import vds_samples
from hdf5_samples import FILTERS
from samples import DTYPES, assert_same, sample
from spark_arrays import By, SparkArraysError, map_frames, reduce_frames, to_numpy

CASES = Path(__file__).resolve().parents[2] / "src/test/resources/vds"
COUNT = int(os.environ.get("ARRAYS_FRAMES_SAMPLES", "6"))
"""How many random virtual data sets are tried."""

Array = NDArray[Any]


def mapped(df: DataFrame, column: str | None = None, **how: Any) -> tuple[Array, Array, list[str]]:
    """Give the indexes and frames that a function is given, in their order, and their dtypes."""

    def take(block: Array, index: Array) -> dict[str, Any]:
        assert not block.flags.writeable
        kind = f"{block.dtype.str} {block.shape[1:]}"
        return {
            "i": index,
            "bytes": [frame.tobytes() for frame in block],
            "kind": [kind] * len(block),
        }

    table = map_frames(df, take, "i long, bytes binary, kind string", column=column, **how)
    rows = sorted(table.collect())
    kinds = sorted({row[2] for row in rows})
    index = np.array([row[0] for row in rows], np.int64)
    octets = b"".join(bytes(row[1]) for row in rows)
    field = df.schema[column or "frame"]
    shape = spark_arrays.frame_shape(field)
    dtype = spark_arrays.frame_dtype(field).newbyteorder("=")
    return index, np.frombuffer(octets, dtype).reshape(len(rows), *shape), kinds


def check(
    df: DataFrame,
    expected: Array,
    column: str = "frame",
    index: Any = None,
    ways: tuple[str, ...] = ("reference", "value"),
    **how: Any,
) -> None:
    """Demand that a function is given the frames, whichever way."""
    native = np.ascontiguousarray(expected, expected.dtype.newbyteorder("="))
    for by in ways:
        found_index, found, kinds = mapped(df, column, by=by, **how)
        wanted = np.arange(len(expected)) if index is None else np.asarray(index)
        np.testing.assert_array_equal(found_index, wanted, by)
        assert_same(found, native)
        assert kinds == [f"{native.dtype.str} {native.shape[1:]}"] or not kinds


def write_partitions(path: Path, scan: Array, bounds: list[int]) -> Path:
    """Write a data set of raw partitions as LiberTEM does."""
    slices = list(itertools.pairwise(bounds))
    (path / "parts").mkdir(parents=True)
    for number, (start, stop) in enumerate(slices):
        (path / "parts" / f"partition-{number:08d}").write_bytes(scan[start:stop].tobytes())
    structure = {
        "version": 1,
        "slices": [list(pair) for pair in slices],
        "shape": list(scan.shape),
        "sig_dims": scan.ndim - 1,
        "dtype": str(scan.dtype),
    }
    (path / "structure.json").write_text(json.dumps(structure))
    return path


def partitions(spark: SparkSession, path: Path, **options: Any) -> DataFrame:
    """Read one."""
    return spark.read.format("clusterdata").options(**options).load(str(path))


@pytest.fixture(scope="module")
def scan(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Array]:
    """Give 40 frames in four partitions."""
    array = sample("uint16", (40, 8, 64), seed=4)
    return write_partitions(
        tmp_path_factory.mktemp("scan") / "set", array, [0, 7, 8, 30, 40]
    ), array


def test_partitions_of_every_dtype(spark: SparkSession, tmp_path: Path) -> None:
    """Raw files are mapped, whatever the numbers."""
    for number, dtype in enumerate(DTYPES):
        array = sample(dtype, (6, 4, 5), seed=number)
        path = write_partitions(tmp_path / f"set{number}", array, [0, 1, 4, 6])
        ways = ("reference", "value") if number % 4 == 0 else ("reference",)
        check(partitions(spark, path), array, ways=ways, block=[2, "1k"][number % 2])


def hdf5_layouts(folder: Path) -> tuple[Path, dict[str, Array]]:
    """Write data sets of all dtypes and layouts crossed, one of each at least."""
    path = folder / "layouts.h5"
    held: dict[str, Array] = {}
    layouts: list[dict[str, Any]] = [
        {},
        {"chunks": (1, 4, 5)},
        {"chunks": (4, 3, 2), **FILTERS["gzip-shuffle"]},
        {"chunks": (2, 4, 5), **FILTERS["lzf"], "fletcher32": True},
        {"chunks": (3, 4, 5), **FILTERS["bitshuffle-lz4"]},
        {"chunks": (7, 2, 5), **FILTERS["blosc-lz4"]},
    ]
    with h5py.File(path, "w") as file:
        for number, dtype in enumerate(DTYPES):
            array = sample(dtype, (7, 4, 5), seed=number)
            name = f"d{number}"
            file.create_dataset(name, data=array, **layouts[number % len(layouts)])
            held[name] = array
    return path, held


def test_data_sets_of_every_dtype_and_layout(spark: SparkSession, tmp_path: Path) -> None:
    """HDF5 is mapped, read by h5py, or sent by Spark where h5py may lack the filter."""
    path, held = hdf5_layouts(tmp_path)
    for number, (name, array) in enumerate(held.items()):
        df = spark.read.format("hdf5").option("dataset", name).load(str(path))
        ways = ("auto" if number % 6 >= 4 else "reference", *(["value"] if number % 4 == 1 else []))
        check(df, array, df.columns[-1], ways=ways, block=3)


def test_virtual_data_sets(spark: SparkSession, tmp_path: Path) -> None:
    """Any selections, overlaps, holes and missing sources, and types that need a conversion."""
    for made in vds_samples.write(tmp_path, 11, COUNT):
        values = made.values
        if values.ndim < 2 or values.size == 0 or values.dtype.kind not in "biufc":
            continue
        df = (
            spark.read.format("hdf5")
            .options(dataset=made.name, missing="fill", scanRank=values.ndim - 1)
            .option("maxPartitionBytes", values.nbytes // 3 + 1)
            .load(str(tmp_path / "master.h5"))
        )
        flat = values.reshape(-1, values.shape[-1])
        check(df, flat, df.columns[-1], ways=("auto", "value"), block=3)


def module_files(folder: Path) -> tuple[Path, Array]:
    """Write modules side by side, of which one lies along the scan in two files."""
    array = sample(">u2", (12, 60, 80), seed=9)
    layout = h5py.VirtualLayout((12, 60, 80), ">u2")
    parts: dict[str, tuple[Any, dict[str, Any]]] = {
        "left": ((slice(None), slice(None), slice(0, 30)), {}),
        "early": ((slice(0, 12, 2), slice(None), slice(30, 80)), {"compression": "gzip"}),
        "late": ((slice(1, 12, 2), slice(0, 50), slice(30, 80)), {"chunks": (2, 20, 20)}),
    }
    for name, (where, options) in parts.items():
        with h5py.File(folder / f"{name}.h5", "w") as file:
            file.create_dataset("data", data=array[where].astype("<u2"), **options)
        layout[where] = h5py.VirtualSource(f"{name}.h5", "data", array[where].shape)
    array[1::2, 50:, 30:] = 77
    with h5py.File(folder / "modules.h5", "w") as file:
        file.create_virtual_dataset("data", layout, fillvalue=77)
    return folder / "modules.h5", array


@pytest.mark.parametrize("region", [None, "1:56,22:75"])
def test_modules_are_read_source_by_source(
    spark: SparkSession, tmp_path: Path, region: str | None
) -> None:
    """By reference alone: mapped sources, compressed ones, and a hole."""
    path, array = module_files(tmp_path)
    reader = spark.read.format("hdf5")
    df = (reader if region is None else reader.option("region", region)).load(str(path))
    expected = array if region is None else array[:, 1:56, 22:75]
    check(df, expected, "data", ways=("reference", "value"), block=5)


def test_a_missing_source_is_told_by_reference_too(spark: SparkSession, tmp_path: Path) -> None:
    path, _ = module_files(tmp_path)
    (tmp_path / "late.h5").unlink()
    df = spark.read.format("hdf5").load(str(path))
    for by in ("auto", "value"):
        with pytest.raises(Exception, match=r"VDS_SOURCE_MISSING"):
            mapped(df, "data", by=by)


def test_scans_of_several_dimensions(spark: SparkSession, tmp_path: Path) -> None:
    """Blocks end in the middle of rows."""
    array = sample("float32", (3, 5, 4, 6), seed=2)
    with h5py.File(tmp_path / "scan.h5", "w") as file:
        file.create_dataset("data", data=array, chunks=(2, 2, 4, 6), compression="gzip")
    df = spark.read.format("hdf5").load(str(tmp_path / "scan.h5"))
    check(df, array.reshape(15, 4, 6), "data", block=4)


def test_what_was_selected_holds(spark: SparkSession, scan: tuple[Path, Array]) -> None:
    """Predicates, pushed or not, limits, orders, samples, joins, regions and missing partitions."""
    path, array = scan
    df = partitions(spark, path)
    check(df.where("frame_index % 3 = 1 AND frame_index > 5"), array[7::3], index=range(7, 40, 3))
    bright = np.flatnonzero(array[:, 0, 0] > 30000)
    check(df.where("frame[0] > 30000"), array[bright], index=bright, block=4)
    check(df.limit(9).offset(2), array[2:9], index=range(2, 9))
    check(df.orderBy(functions.desc("frame_index")).limit(5), array[35:], index=range(35, 40))
    check(df.select("frame", "frame_index").repartition(3), array)
    some = df.sample(fraction=0.5, seed=3)
    chosen = mapped(some, "frame", by="value")[0]
    assert 0 < len(chosen) < 40
    check(some, array[chosen], index=chosen)
    good = spark.createDataFrame([(i,) for i in (3, 29, 31)], "frame_index long")
    ways = ("auto", "value")
    check(df.join(good, "frame_index"), array[[3, 29, 31]], index=[3, 29, 31], ways=ways)
    named = partitions(spark, path, metadataColumns="_offset,_reference_frame")
    check(named.join(good, "frame_index"), array[[3, 29, 31]], index=[3, 29, 31])
    check(partitions(spark, path, region="2:5,60:64"), array[:, 2:5, 60:64], block=6)
    check(df.where("frame_index < 0"), array[:0])


def test_missing_partitions_are_filled(spark: SparkSession, tmp_path: Path) -> None:
    array = sample("int32", (9, 16, 16))
    path = write_partitions(tmp_path / "set", array, [0, 3, 5, 9])
    (path / "parts" / "partition-00000001").unlink()
    array[3:5] = 0
    check(partitions(spark, path, missing="fill"), array, ways=("auto", "value"), block=4)
    skipping = partitions(spark, path, missing="skip")
    check(skipping, array[[0, 1, 2, 5, 6, 7, 8]], index=[0, 1, 2, 5, 6, 7, 8])


def test_several_files(spark: SparkSession, tmp_path: Path) -> None:
    """Their places differ, and an index comes again."""
    held = [sample("int16", (5, 3, 4), seed=i) for i in range(3)]
    for number, array in enumerate(held):
        with h5py.File(tmp_path / f"{number}.h5", "w") as file:
            file.create_dataset("x", data=array, chunks=(1, 3, 4) if number == 1 else None)
    df = spark.read.format("hdf5").load([str(tmp_path / f"{number}.h5") for number in range(3)])
    for by in ("reference", "value"):
        index, found, _ = mapped(df, "x", by=by)
        assert index.tolist() == [i for i in range(5) for _ in held]
        for i in range(5):
            assert {f.tobytes() for f in found[index == i]} == {a[i].tobytes() for a in held}


def impossible(df: DataFrame, *words: str, column: str = "frame") -> None:
    """Demand that frames can't be had by reference, for a reason, but all the same by value."""
    with pytest.raises(SparkArraysError) as raised:
        mapped(df, column, by="reference")
    assert raised.value.code == "REFERENCE_IMPOSSIBLE"
    assert all(word in str(raised.value) for word in words), raised.value


def test_what_comes_by_value_alone(spark: SparkSession, scan: tuple[Path, Array]) -> None:
    """Other frames than those of the table are never taken from it."""
    path, array = scan
    df = partitions(spark, path)
    shape = {"metadata": {"shape": [8, 64], "dtype": "int32"}}
    negated = functions.transform("frame", lambda x: -x).alias("frame", **shape)
    changed = df.select("frame_index", negated)
    impossible(changed, "computed")
    check(changed, -array.astype("int32"), ways=("auto", "value"))
    both = df.unionByName(df.where("frame_index = 1"))
    impossible(both, "Union")
    assert mapped(both, "frame")[0].tolist() == sorted([*range(40), 1])
    firsts = df.groupBy("frame_index").agg(functions.first("frame").alias("frame", **shape))
    impossible(firsts, "Aggregate")
    impossible(df.alias("a").join(df.alias("b"), "frame_index").select("frame_index", "a.frame"))
    given = spark_arrays.from_numpy(spark, array, scan_rank=1)
    impossible(given, "LocalRelation" if "LocalRelation" in plan(given) else "makes other rows")
    check(given, array, ways=("auto", "value"))


def plan(df: DataFrame) -> str:
    """Give the analyzed plan."""
    return str(df._jdf.queryExecution().analyzed())


def test_h5py_lacks_a_filter_that_spark_has(spark: SparkSession, tmp_path: Path) -> None:
    path, _ = hdf5_layouts(tmp_path)
    df = spark.read.format("hdf5").option("dataset", "d4").load(str(path))
    with pytest.raises(PythonException, match=r"REFERENCE_IMPOSSIBLE.*frame_index 0.*filters"):
        mapped(df, "d4", by="reference")


def test_reduces(spark: SparkSession, scan: tuple[Path, Array]) -> None:
    """Sums, and what is no array."""
    path, array = scan
    df = partitions(spark, path, maxPartitionBytes=9 << 10)
    total = reduce_frames(df, lambda block, _: block.sum(0, "f8"), np.add, block=3)
    np.testing.assert_array_equal(total, array.sum(0, "f8"))
    largest = reduce_frames(
        df.where("frame_index > 2"), lambda block, i: (int(block.max()), len(i)),
        lambda a, b: (max(a[0], b[0]), a[1] + b[1]), by="value",
    )  # fmt: skip
    assert largest == (int(array[3:].max()), 37)
    indexes = reduce_frames(df, lambda _, i: i.tolist(), lambda a, b: a + b)
    assert indexes == list(range(40))
    with pytest.raises(SparkArraysError, match=r"NO_FRAMES"):
        reduce_frames(df.where("frame_index < 0"), lambda *_: 1, max)


def test_a_failure_names_the_frame(spark: SparkSession, scan: tuple[Path, Array]) -> None:
    df = partitions(spark, scan[0])

    def choosy(_: Array, index: Array) -> dict[str, Any]:
        if (index == 23).any():
            raise LookupError("no beam")
        return {"i": index}

    def crowded(_: Array, index: Array) -> dict[str, Any]:
        if len(index) > 1:
            raise LookupError("too many")
        return {"i": index}

    for by in ("reference", "value"):
        with pytest.raises(PythonException) as raised:
            map_frames(df, choosy, "i long", by=by).collect()
        told = str(raised.value)
        assert "[FUNCTION_FAILED] frame_index 23: LookupError: no beam" in told
        assert "raised in choosy, " in told
        assert "test_frames.py" in told
    with pytest.raises(PythonException, match=r"a block of 5 frames, frame_index 0 to 4"):
        map_frames(df, crowded, "i long", block=5).collect()


def test_results(spark: SparkSession, scan: tuple[Path, Array]) -> None:
    """Functions give dicts, pandas or Arrow, of any number of rows, and nested columns."""
    path, array = scan
    df = partitions(spark, path).where("frame_index < 6")
    expected = [(i, float(frame.mean())) for i, frame in enumerate(array[:6])]

    def means(block: Array, index: Array) -> dict[str, Any]:
        return {"mean": block.mean((1, 2)), "i": index}

    def through(make: Callable[[dict[str, Any]], Any]) -> Callable[[Array, Array], Any]:
        return lambda block, index: make(means(block, index))

    makers: list[Callable[[dict[str, Any]], Any]] = [
        dict, pd.DataFrame, pa.table, pa.record_batch
    ]  # fmt: skip
    for make in makers:
        rows = map_frames(df, through(make), "i int, mean double")
        assert sorted(tuple(row) for row in rows.collect()) == expected
    field = spark_arrays.frame_field("corner", "uint16", (2, 3))
    corners = map_frames(df, lambda b, i: {"corner": b[:, :2, :3]}, StructType([field]))
    assert_same(np.sort(to_numpy(corners, "corner"), 0), np.sort(array[:6, :2, :3], 0))
    nested = map_frames(df, lambda b, i: {"c": b[:, :2, :3]}, "c array<array<int>>")
    found = sorted(row[0] for row in nested.collect())
    assert found == sorted(array[:6, :2, :3].tolist())
    spots = map_frames(df, lambda b, i: {"x": np.argwhere(b > 65000)[:, 2]}, "x long")
    assert spots.count() == (array[:6] > 65000).sum()


@pytest.mark.parametrize(
    ("give", "word"),
    [
        (lambda b, i: b, "gave a ndarray"),
        (lambda b, i: {"j": i}, r"gave columns \['j'\], not \['i'\]"),
        (lambda b, i: {"i": 7}, "single value"),
        (lambda b, i: {"i": b}, "does not become int64"),
        (lambda b, i: {"i": i + 0.5}, "does not become int64"),
    ],
)
def test_wrong_results(spark: SparkSession, scan: tuple[Path, Array], give: Any, word: str) -> None:
    with pytest.raises(PythonException, match=rf"RESULT_INVALID.*{word}"):
        map_frames(partitions(spark, scan[0]), give, "i long").collect()


def test_wrong_arguments(spark: SparkSession, scan: tuple[Path, Array]) -> None:
    df = partitions(spark, scan[0])
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"by": "magic"}, "ARGUMENT_INVALID"),
        ({"block": 0}, "ARGUMENT_INVALID"),
        ({"block": "many"}, "ARGUMENT_INVALID"),
        ({"column": "image"}, "COLUMN_MISSING"),
        ({"column": "frame_index"}, "METADATA_MISSING"),
    ]
    for how, code in wrong:
        with pytest.raises(SparkArraysError) as raised:
            map_frames(df, lambda b, i: {}, "i long", **how)
        assert raised.value.code == code, how
    with pytest.raises(SparkArraysError, match=r"COLUMN_MISSING.*frame_index"):
        map_frames(df.select("frame"), lambda b, i: {}, "i long")
    with pytest.raises(SparkArraysError, match=r"names no columns"):
        map_frames(df, lambda b, i: {}, "long")


def test_blocks(spark: SparkSession, scan: tuple[Path, Array]) -> None:
    """No block has more frames than was said, and all but the last of a batch have as many."""
    df = partitions(spark, scan[0])
    ways: list[tuple[By, int | str, int]] = [
        ("reference", 3, 3), ("reference", "4k", 4), ("value", 3, 3), ("value", "4k", 4),
    ]  # fmt: skip
    for by, block, most in ways:
        rows = map_frames(df, lambda b, i: {"n": [len(b)]}, "n int", by=by, block=block).collect()
        sizes = [row[0] for row in rows]
        assert sum(sizes) == 40
        assert max(sizes) == most


def test_the_column_is_found(spark: SparkSession, tmp_path: Path) -> None:
    """The only one of arrays; else it has to be named."""
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["data"], file["uid"] = np.arange(12.0).reshape(3, 2, 2), np.arange(3)
        file["dark"] = np.zeros((3, 2, 2))
    found = spark_arrays.load(tmp_path / "a.h5", datasets="data,uid", scan_rank=1, spark=spark)
    assert to_numpy(found).shape == (3, 2, 2)
    assert reduce_frames(found, lambda block, _: float(block.sum()), lambda a, b: a + b) == 66
    assert to_numpy(found.select("frame_index", "uid")).tolist() == [0, 1, 2]
    names = "data,uid,dark"
    both = spark_arrays.load(tmp_path / "a.h5", datasets=names, scan_rank=1, spark=spark)
    with pytest.raises(SparkArraysError, match=r"COLUMN_UNCLEAR.*data, dark could be it"):
        to_numpy(both)
    with pytest.raises(SparkArraysError, match=r"COLUMN_MISSING.*frame_index"):
        to_numpy(found.select("frame_index"))


def test_small_frames_come_by_value(spark: SparkSession, tmp_path: Path) -> None:
    """As bytes, whatever the option `frames` says."""
    for side, pattern in ((16, r"_bytes_frame#\d+ AS frame#"), (32, "_reference_frame#.* AS _ref")):
        array = sample("uint8", (4, side, side))
        path = write_partitions(tmp_path / f"set{side}", array, [0, 4])
        rows = map_frames(partitions(spark, path), lambda b, i: {"i": i}, "i long")
        assert re.search(pattern, plan(rows)), plan(rows)


def test_assembles_scans(spark: SparkSession, tmp_path: Path) -> None:
    """Frames go to their places, and others are masked."""
    array = sample("int16", (3, 4, 2, 5))
    with h5py.File(tmp_path / "scan.h5", "w") as file:
        file["frame"] = array
    df = spark_arrays.load(tmp_path / "scan.h5", spark=spark)
    whole = to_numpy(df, scan="auto")
    assert isinstance(whole, np.ma.MaskedArray)
    assert whole.mask is np.ma.nomask
    assert_same(np.asarray(whole), array)
    part = to_numpy(df.where("scan_0 = 1 AND scan_1 > 1"), scan="auto")
    assert isinstance(part, np.ma.MaskedArray)
    assert part.shape == array.shape
    assert_same(np.asarray(part[1, 2:]), array[1, 2:])
    assert (~part.mask).sum() == 2 * 10
    assert to_numpy(df, scan=(12,)).shape == (12, 2, 5)
    for wrong in ((11,), (3, 2)):
        with pytest.raises(SparkArraysError, match=r"SCAN_UNCLEAR.*outside"):
            to_numpy(df, scan=wrong)
    with pytest.raises(SparkArraysError, match=r"SCAN_UNCLEAR.*several rows"):
        to_numpy(df.unionByName(df), scan=(3, 4))
    with pytest.raises(SparkArraysError, match=r"SCAN_UNCLEAR.*not known"):
        to_numpy(spark_arrays.from_numpy(spark, array), scan="auto")


def test_load_finds_the_format(
    spark: SparkSession, tmp_path: Path, scan: tuple[Path, Array]
) -> None:
    """Of what is there, and options are written as in Python."""
    assert spark_arrays.load(scan[0], spark=spark).count() == 40
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["x"], file["y"] = np.zeros((3, 2, 2)), np.ones((3, 4), "i4")
    df = spark_arrays.load(tmp_path / "a.h5", datasets=["x", "y as z"], scan_rank=1)
    assert df.columns == ["frame_index", "x", "z"]
    assert df.count() == 3
    np.savez(tmp_path / "b.npz", a=np.arange(5), b=np.arange(5.0))
    assert spark_arrays.load(tmp_path / "b.npz", mode="columns").count() == 5
    for path, code in (
        (tmp_path / "none.h5", "PATH_NOT_FOUND"),
        (tmp_path / "a.h5", "DATASET_UNCLEAR"),
    ):
        with pytest.raises(SparkArraysError) as raised:
            spark_arrays.load(path)
        assert raised.value.code == code
    (tmp_path / "text.txt").write_text("no arrays\n")
    with pytest.raises(SparkArraysError, match=r"text.txt"):
        spark_arrays.load(tmp_path / "text.txt")


def test_progress(spark: SparkSession, scan: tuple[Path, Array]) -> None:
    """Frames and tasks are counted, of jobs inside alone."""
    df = partitions(spark, scan[0], maxPartitionBytes=8 << 10)
    df.count()
    out = io.StringIO()
    with spark_arrays.progress(spark, total=40, seconds=0.05, out=out) as done:
        assert done().frames == 0
        map_frames(df, lambda b, i: {"i": i}, "i long").collect()
        assert done().frames == 40
        assert done().tasks == done().of_tasks > 1
    lines = out.getvalue().splitlines()
    assert "40 of 40 frames" in lines[-1]
    assert "tasks" in lines[-1]
