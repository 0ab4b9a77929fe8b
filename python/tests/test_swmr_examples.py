"""The examples of swmr_tools' documentation, in Java and as streams."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
from pyspark.sql import SparkSession

from streams import Collected, frames_of, run
from swmr_java import Swmr, drain, values


def test_documented_data_source(swmr: Swmr, tmp_path: Path) -> None:
    """The example of a 2 x 2 grid of frames of 5 x 10."""
    rng = np.random.default_rng(1)
    data_1 = rng.integers(low=-10000, high=10000, size=(2, 2, 5, 10))
    data_2 = rng.integers(low=-10000, high=10000, size=(2, 2, 5, 10))
    keys_1 = np.arange(1, 5).reshape(2, 2, 1, 1)
    path = tmp_path / "example.h5"
    with h5py.File(path, "w", libver="latest") as f:
        f.create_group("keys")
        f.create_group("data")
        f["keys"].create_dataset("keys_1", data=keys_1)
        f["data"].create_dataset("data_1", data=data_1)
        f["data"].create_dataset("data_2", data=data_2)
    file = swmr.open(path)
    datasets = {name: file.dataset(name) for name in ("/data/data_1", "/data/data_2")}
    source = swmr.java.DataSource([file.dataset("/keys/keys_1")], datasets)
    found = drain(source)
    assert [frames.sliceMetadata().toString() for frames in found] == [
        "(slice(0, 1, None), slice(0, 1, None))",
        "(slice(0, 1, None), slice(1, 2, None))",
        "(slice(1, 2, None), slice(0, 1, None))",
        "(slice(1, 2, None), slice(1, 2, None))",
    ]
    for index, frames in enumerate(found):
        at = (slice(index // 2, index // 2 + 1), slice(index % 2, index % 2 + 1))
        assert values(frames.get("/data/data_1")).shape == (1, 1, 5, 10)
        assert (values(frames.get("/data/data_1")) == data_1[at]).all()
        assert (values(frames.get("/data/data_2")) == data_2[at]).all()
        assert frames.index() == index
        assert list(frames.maxshape()) == [2, 2]
    source.reset()
    assert len(drain(source)) == 4


def test_documented_key_follower(swmr: Swmr, tmp_path: Path) -> None:
    """The example of the loop from 0 to 7."""
    path = tmp_path / "test_file.h5"
    with h5py.File(path, "w", libver="latest") as f:
        f.create_group("keys")
        f["/keys"].create_dataset("key_1", data=np.arange(8).reshape(2, 4, 1, 1) + 1)
    follower = swmr.java.KeyFollower([swmr.open(path).dataset("/keys/key_1")])
    assert drain(follower) == [0, 1, 2, 3, 4, 5, 6, 7]
    assert follower.scanRank() == 2
    assert follower.areKeysComplete()


EXAMPLES = Path(__file__).parents[2] / "src" / "test" / "resources" / "swmr"


def test_documented_examples(spark: SparkSession, tmp_path: Path) -> None:
    """Those of swmr_tools: a grid of 2 x 2 frames of 5 x 10 in two data sets, and eight keys."""
    found = Collected()
    frames = frames_of(
        spark,
        EXAMPLES / "example.h5",
        keys="/keys/keys_1",
        datasets="/data/data_1,/data/data_2",
    )
    run(frames, tmp_path / "grid", found)
    rows = [row for batch in found.batches.values() for row in batch]
    assert [(row.scan_0, row.scan_1) for row in rows] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    with h5py.File(EXAMPLES / "example.h5") as file:
        for row in rows:
            for name in ("data_1", "data_2"):
                expected = file["data"][name][row.scan_0, row.scan_1]
                assert (np.reshape(row[name], (5, 10)) == expected).all()
    found = Collected()
    key = "/keys/key_1"
    frames = frames_of(spark, EXAMPLES / "test_file.h5", keys=key, datasets=key, scanRank=2)
    run(frames, tmp_path / "keys", found)
    assert found.indexes == [0, 1, 2, 3, 4, 5, 6, 7]
