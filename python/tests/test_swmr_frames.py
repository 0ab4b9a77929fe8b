"""The frames that the Java readers give: what swmr_tools' own tests show, and its bugs."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from py4j.protocol import Py4JJavaError

import live_writer
from live_scans import DATA, write, writing
from swmr_java import Swmr, drain, values


def test_documented_frame_reader(swmr: Swmr, tmp_path: Path) -> None:
    """Scalars, vectors and images, of stacks and of grids."""
    shapes: list[tuple[tuple[int, ...], int]] = [
        ((10,), 1), ((10, 7), 1), ((10, 4, 5), 1), ((5, 6, 4, 5), 2), ((4, 5), 0),
    ]  # fmt: skip
    for shape, rank in shapes:
        data = np.random.default_rng(1).random(shape)
        path = write(tmp_path / f"{len(shape)}{rank}.h5", data=data)
        reader = swmr.java.FrameReader(swmr.open(path).dataset("/data"), rank)
        for index in range(math.prod(shape[:rank])):
            frame = reader.readFrame(index)
            at = np.unravel_index(index, shape[:rank]) if rank else ()
            assert list(frame.shape().dims()) == [1] * rank + list(shape[rank:])
            assert np.ravel(data[at]).tolist() == list(frame.toDoubles())
            assert list(frame.sliceMetadata().position()) == list(at)
        with pytest.raises(Py4JJavaError, match="FRAME_NOT_WRITTEN"):
            reader.readFrame(math.prod(shape[:rank]))


def test_data_wider_than_the_scan(swmr: Swmr, tmp_path: Path) -> None:
    """Frames are where their keys are: swmr_tools takes those of other positions."""
    data = np.arange(8).reshape(2, 4)
    file = swmr.open(write(tmp_path / "wide.h5", keys=np.ones((2, 3)), data=data))
    source = swmr.java.DataSource([file.dataset("/keys")], {"d": file.dataset("/data")})
    found = [int(values(frames.get("d")).item()) for frames in drain(source)]
    assert found == [0, 1, 2, 4, 5, 6]


def test_interleaved_data_sets(swmr: Swmr, tmp_path: Path) -> None:
    """42 frames of four writers in turn, one by one; and in blocks, each with keys of its own."""
    frames = np.arange(42 * 6).reshape(42, 2, 3)
    path = tmp_path / "turns.h5"
    with h5py.File(path, "w") as file:
        file["keys"] = np.ones(42)
        for writer in range(4):
            file[f"one/{writer}"] = frames[writer::4]
            mine = [i for i in range(42) if i // 3 % 4 == writer]
            file[f"block/{writer}"] = frames[mine]
            file[f"uid/{writer}"] = np.array(mine) + 1
    opened = swmr.open(path)
    datasets = [[opened.dataset(f"/{kind}/{w}") for w in range(4)] for kind in ("one", "block")]
    uids = [opened.dataset(f"/uid/{w}") for w in range(4)]
    options = swmr.options(0.05)
    one = swmr.java.DataSource([opened.dataset("/keys")], {}, {"d": datasets[0]}, options)
    block = swmr.java.DataSource.of(
        [swmr.java.KeySource.interleaved(uids, 3)],
        {"d": swmr.java.InterleavedFrames(datasets[1], 3)},
        options,
    )
    for source in (one, block):
        found = drain(source)
        assert len(found) == 42
        for index, taken in enumerate(found):
            assert (values(taken.get("d"))[0] == frames[index]).all()
            assert taken.sliceMetadata().toString() == f"(slice({index}, {index + 1}, None),)"
            assert taken.get("d").sliceMetadata().equals(taken.sliceMetadata())


def without_keys(swmr: Swmr, dataset: Any, timeout: float, finished: Any = None) -> Any:
    """Follow a data set by its chunks alone."""
    keys = [swmr.java.KeySource.ofStored(dataset, 1)]
    data = {DATA: swmr.java.FrameReader(dataset, 1)}
    return swmr.java.DataSource.of(keys, data, swmr.options(timeout, finished))


def test_follows_without_keys(swmr: Swmr, tmp_path: Path) -> None:
    """As swmr_tools' ChunkSource: chunks of 4 of 10 frames, and a growing scan; with any filter."""
    path = tmp_path / "chunks.h5"
    content = np.arange(500).reshape(10, 10, 5)
    with h5py.File(path, "w") as file:
        file.create_dataset("whole", data=content, chunks=(4, 10, 5), compression="gzip")
        part = file.create_dataset("part", (10, 10, 5), "i8", chunks=(4, 10, 5))
        part[:4] = content[:4]
        part[8:] = content[8:]
    file = swmr.open(path)
    for name, count in (("/whole", 10), ("/part", 4)):
        found = drain(without_keys(swmr, file.dataset(name), 0.05))
        assert [frames.index() for frames in found] == list(range(count))
        for index, frames in enumerate(found):
            assert (values(frames.get(DATA))[0] == content[index]).all()
    path = tmp_path / "live.h5"
    with writing(path, "--grow", "--compression", "bslz4", "--fps", 300, "--hold", 20):
        file = swmr.open(path)
        source = without_keys(swmr, file.dataset(DATA), 10.0, file.dataset("/entry/finished"))
        found = drain(source)
        assert source.isScanFinished()
        assert len(found) == 60
        for index, frames in enumerate(found):
            assert (values(frames.get(DATA))[0] == live_writer.frame(index, (16, 16))).all()


def test_a_frame_reader_does_not_wait_for_a_growing_file(swmr: Swmr, tmp_path: Path) -> None:
    """It looks again at once, where swmr_tools sleeps for a second; numbers must stay."""
    path = tmp_path / "grows.h5"
    with h5py.File(path, "w", libver="latest") as file:
        data = file.create_dataset("d", (1, 3), "i4", maxshape=(None, 3), chunks=(1, 3))
        grid = file.create_dataset("g", (2, 3), "i4", maxshape=(None, None), chunks=(1, 1))
        data[0] = [1, 2, 3]
        grid[...] = 1
        file.swmr_mode = True
        opened = swmr.open(path)
        reader = swmr.java.FrameReader(opened.dataset("/d"), 1)
        points = swmr.java.FrameReader(opened.dataset("/g"), 2)
        assert list(reader.readFrame(0).toLongs()) == [1, 2, 3]
        assert list(points.readFrame(3).sliceMetadata().position()) == [1, 0]
        with pytest.raises(Py4JJavaError, match="FRAME_NOT_WRITTEN"):
            reader.readFrame(1)
        data.resize((3, 3))
        data[1] = [4, 5, 6]
        data.flush()
        assert list(reader.readFrame(1).toLongs()) == [4, 5, 6]
        with pytest.raises(Py4JJavaError, match="FRAME_NOT_WRITTEN"):
            reader.readFrame(2)
        grid.resize((2, 4))
        grid.flush()
        with pytest.raises(Py4JJavaError, match="SCAN_CHANGED"):
            points.readFrame(3)
