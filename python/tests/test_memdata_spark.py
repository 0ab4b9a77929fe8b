"""Containers from PySpark: arrays over the cluster, as numpy has them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zarr
from pyspark.sql import SparkSession

import spark_arrays
from spark_arrays.memdata import MemDataset, MemGroup

REFERENCE = Path(__file__).resolve().parents[2] / "src/test/resources/memdata"


def dataset(group: MemGroup, path: str) -> MemDataset:
    """Give an array."""
    found = group[path]
    assert isinstance(found, MemDataset)
    return found


def test_an_array_over_the_cluster_is_used_as_numpys(spark: SparkSession) -> None:
    array = np.random.default_rng(1).integers(0, 99, (6, 5, 4)).astype(">i4")
    root = MemGroup(spark)
    made = root.create_dataset("a/x", data=array, distributed_axis=1)
    assert (made.name, made.shape, made.dtype) == ("/a/x", array.shape, array.dtype)
    assert (made.distributed, made.distributed_axis, len(made)) == (True, 1, 6)
    keys: list[Any] = [
        2, -1, (1, 2, 3), slice(1, 5, 2), (..., -1), (slice(None), [4, 0], 1),
        (slice(None, None, -1), slice(3)), ..., (), (0, np.array([True, False, True, True, False])),
    ]  # fmt: skip
    for key in keys:
        np.testing.assert_array_equal(made[key], array[key], err_msg=str(key))
    made[:, 2] = -7
    array[:, 2] = -7
    made.redistribute(0)
    np.testing.assert_array_equal(np.asarray(made), array)
    table = made.to_dataframe("x")
    np.testing.assert_array_equal(
        np.array([row.x for row in table.orderBy("frame_index").collect()]),
        array.reshape(6, -1),
    )
    again = root.from_dataframe("b", table, "x", shape=array.shape, dtype=array.dtype)
    np.testing.assert_array_equal(again[...], array)
    assert made.blocks().columns == ["block", "offset", "shape", "data"]
    common = root.dataset_distributed_to_common("b")
    assert (common.distributed, common.distributed_axis) == (False, None)
    assert root.dataset_common_to_distributed("b", -1).distributed_axis == 2


@pytest.mark.parametrize("axis", [None, 0])
def test_an_array_ends_as_numpys_do(spark: SparkSession, axis: int | None) -> None:
    """Which is how Python goes through it."""
    made = MemGroup(spark).create_dataset("x", data=np.eye(3), distributed_axis=axis)
    with pytest.raises(IndexError, match="7 in a dimension of 3"):
        made[0, 7]
    with pytest.raises(IndexError, match="3 in a dimension of 3"):
        made[3] = 1
    np.testing.assert_array_equal(list(made), np.eye(3))


def test_an_array_of_the_driver_has_no_blocks(spark: SparkSession) -> None:
    made = MemGroup(spark).create_dataset("x", data=np.eye(3))
    for use in (made.blocks, made.to_dataframe, lambda: made.redistribute(1)):
        with pytest.raises(spark_arrays.SparkArraysError, match="NOT_DISTRIBUTED"):
            use()


def test_a_tree_is_used_as_a_mapping(spark: SparkSession, tmp_path: Path) -> None:
    root = MemGroup(spark)
    values = {"i": 5, "f": 1.5, "b": True, "s": "é", "raw": b"x", "n": None, "l": [1, "a"]}
    values |= {"m": {"k": [1, 2.5]}, "c": 1 + 2j}
    root.attrs.update(values)
    root.attrs["array"] = np.arange(3)
    np.testing.assert_array_equal(root.attrs.pop("array"), np.arange(3))
    assert dict(root.attrs) == values
    root.create_dataset("g/t", data=np.array(["ab", "c"]))
    root.create_dataset("g/z", shape=(2, 3), dtype="f4", chunks=(1, 3), gzip=1)
    root.create_group("e/f")
    assert (list(root), len(root), "g/t" in root, "x" in root) == (["g", "e"], 2, True, False)
    assert dataset(root, "g/t")[0] == "ab"
    del root["e"]
    with pytest.raises(KeyError):
        root["e"]
    with pytest.raises(spark_arrays.SparkArraysError, match="OPTION_MISSING"):
        root.create_dataset("q")
    del root.attrs["c"]
    root.to_file(tmp_path / "t.zarr", convert_dataset_strings=True)
    again = MemGroup.from_file(tmp_path / "t.zarr", convert_dataset_strings=True, spark=spark)
    assert list(dataset(again, "g/t")[:]) == ["ab", "c"]
    assert again.attrs["m"] == {"k": [1, 2.5]}
    assert dataset(again, "g/z").dtype == np.float32


@pytest.mark.parametrize("suffix", ["zarr", "zarr.zip"])
@pytest.mark.parametrize("chunks", [None, (4, 5, 2), (3, 2, 4), (9, 9, 9)])
def test_zarr_reads_the_chunks_that_tasks_write(
    spark: SparkSession, tmp_path: Path, chunks: tuple[int, ...] | None, suffix: str
) -> None:
    array = np.random.default_rng(2).integers(-9, 99, (8, 5, 4)).astype(">i2")
    root, file = MemGroup(spark), tmp_path / f"t.{suffix}"
    made = root.create_dataset(
        "a/x", data=array, distributed_axis=0, chunks=chunks, gzip=None if chunks is None else 2
    )
    made.attrs["unit"] = "K"
    root.to_file(file)
    store: Any = zarr.storage.ZipStore(file, mode="r") if suffix.endswith("zip") else file
    x = zarr.open_group(store, mode="r", zarr_format=2)["a/x"]
    assert isinstance(x, zarr.Array)
    assert (x.dtype, x.attrs["unit"]) == (array.dtype, "K")
    # Where none are given they are the first block's.
    first = made.blocks().orderBy("block").head()
    assert first is not None
    wanted = first.shape if chunks is None else np.minimum(chunks, array.shape)
    assert x.chunks == tuple(wanted)
    assert x.nchunks_initialized == x.nchunks
    np.testing.assert_array_equal(x[...], array)
    again = MemGroup.from_file(file, spark=spark)
    assert dataset(again, "a/x").distributed
    np.testing.assert_array_equal(dataset(again, "a/x")[2:7], array[2:7])


def test_what_caput_spread_is_spread(spark: SparkSession) -> None:
    tree = MemGroup.from_file(REFERENCE / "distributed.h5", spark=spark)
    assert dataset(tree, "sub/axis1").distributed_axis == 1
    np.testing.assert_array_equal(dataset(tree, "axis0")[1:3], np.arange(4.0, 12).reshape(2, 4))
    assert not dataset(tree, "common").distributed
    plain = MemGroup.from_file(REFERENCE / "distributed.h5", distributed=False, spark=spark)
    assert not dataset(plain, "axis0").distributed


def test_parts_are_read_and_spread_as_the_user_says(spark: SparkSession) -> None:
    file = REFERENCE / "distributed.h5"
    whole = np.asarray(dataset(MemGroup.from_file(file, spark=spark), "axis0"))
    part = MemGroup.from_file(
        file,
        axes={"axis0": 1, "sub/axis1": None, "/common": 0},
        selections={"axis0": (slice(1, None, 2), [3, 0]), "common": slice(2)},
        spark=spark,
    )
    assert dataset(part, "axis0").distributed_axis == 1
    np.testing.assert_array_equal(dataset(part, "axis0")[...], whole[1::2][:, [3, 0]])
    assert not dataset(part, "sub/axis1").distributed
    assert (dataset(part, "common").distributed, len(dataset(part, "common"))) == (True, 2)
    with pytest.raises(spark_arrays.SparkArraysError, match="OPTION_INVALID"):
        MemGroup.from_file(file, selections={"axis0": (..., 1)}, spark=spark)


@pytest.mark.parametrize("distributed", [True, False])
def test_misspelt_paths_are_told(spark: SparkSession, distributed: bool) -> None:
    def read(**paths: Any) -> None:
        MemGroup.from_file(
            REFERENCE / "distributed.h5", distributed=distributed, spark=spark, **paths
        )

    told = r"MEMDATA_MISSING.*distributed\.h5.*no data set 'sub/axsi1'.*\[/sub/axis1, "
    with pytest.raises(spark_arrays.SparkArraysError, match=told):
        read(selections={"sub/axsi1": slice(2), "common": slice(2)})
    with pytest.raises(spark_arrays.SparkArraysError, match=told):
        read(axes={"sub/axsi1": 1, "common": 0})


def test_relative_paths_are_of_this_processs_folder(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which the JVM, started in another, would not know."""
    monkeypatch.chdir(tmp_path)
    root = MemGroup(spark)
    root.create_dataset("x", data=np.arange(3), distributed_axis=0)
    root.to_file("t.zarr")
    assert [path.name for path in tmp_path.iterdir()] == ["t.zarr"]
    assert list(MemGroup.from_file("t.zarr", spark=spark)) == ["x"]


def test_files_are_replaced_added_to_or_neither(spark: SparkSession, tmp_path: Path) -> None:
    file, root = tmp_path / "t.zarr", MemGroup(spark)
    root.create_dataset("x", data=np.arange(3.0), distributed_axis=0)
    root.to_file(file, mode="w-")
    with pytest.raises(spark_arrays.SparkArraysError, match="MEMDATA_EXISTS"):
        root.to_file(file, mode="w-")
    more = MemGroup(spark)
    more.create_dataset("y", data=np.arange(4.0), distributed_axis=0)
    more.to_file(file, mode="a")
    both = MemGroup.from_file(file, spark=spark)
    np.testing.assert_array_equal(dataset(both, "x")[...], np.arange(3.0))
    np.testing.assert_array_equal(dataset(both, "y")[...], np.arange(4.0))
    # What a writer leaves that dies; a living one locks it.
    (tmp_path / ".t.zarr.lock").write_text("process 1 of nowhere")
    with pytest.raises(spark_arrays.SparkArraysError, match=r"LOCK_STALE.*process 1 of nowhere"):
        more.to_file(file, patience=0.1)
    more.to_file(file, break_stale=True)
    assert list(MemGroup.from_file(file, spark=spark)) == ["y"]
    assert [path.name for path in tmp_path.iterdir()] == ["t.zarr"]
