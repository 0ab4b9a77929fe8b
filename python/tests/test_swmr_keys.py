"""Which keys the Java followers take: what swmr_tools' own tests show, and its bugs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from py4j.protocol import Py4JJavaError

from live_scans import write
from swmr_java import Swmr, drain


def ready(swmr: Swmr, path: Path, *content: Any) -> list[int]:
    """Write key data sets and follow them."""
    write(path, **{f"k{i}": keys for i, keys in enumerate(content)})
    file = swmr.open(path)
    return drain(swmr.keys([file.dataset(f"/k{i}") for i in range(len(content))]))


def test_frontier_of_keys(swmr: Swmr, tmp_path: Path) -> None:
    """The first zero of any data set stops all that is behind it, in C order."""
    ones = np.ones((5, 10, 1, 1), "i4")
    half = ones.copy()
    half.reshape(-1)[25:] = 0
    snake = ones[:, :, 0, 0].copy()
    snake[2, 0] = 0
    cases: list[tuple[int, list[Any]]] = [
        (50, [ones]),
        (25, [half]),
        (25, [ones, half]),
        (20, [snake]),
        (9, [np.array([1] * 9 + [0])]),
        (2, [np.ones(3), np.array([1, 1, 1]), np.ones(2)]),
        (4, [np.array([-1, 255, 3, 1, 0], "i8")]),
        (3, [np.array([np.nan, -1e-200, 1e-200, -0.0]), np.full(4, 1e-200)]),
        (2, [np.array([True, True, False])]),
        (3, [np.array([1, 2, 3, 0], ">u2")]),
        (0, [np.zeros(0)]),
        (1, [np.ones(())]),
        (1, [np.ones((1, 1, 1))]),
        (0, [np.zeros((1,))]),
    ]
    for number, (expected, content) in enumerate(cases):
        assert ready(swmr, tmp_path / f"{number}.h5", *content) == list(range(expected)), number


@pytest.mark.parametrize("dtype", ["int8", ">i4", "uint64", "float64"])
def test_a_fill_value_is_no_key(swmr: Swmr, tmp_path: Path, dtype: str) -> None:
    with h5py.File(tmp_path / "keys.h5", "w") as file:
        keys = file.create_dataset("k", (10,), dtype, chunks=(4,), fillvalue=7)
        keys[0], keys[2], keys[9] = 5, 0, 3
    dataset = swmr.open(tmp_path / "keys.h5").dataset("k")
    assert drain(swmr.keys([dataset])) == [0]
    with h5py.File(tmp_path / "keys.h5", "r+") as file:
        file["k"][1:5] = 1
    dataset = swmr.open(tmp_path / "keys.h5").dataset("k")
    assert drain(swmr.keys([dataset])) == [0, 1, 2, 3, 4]


def test_shapes_that_do_not_fit(swmr: Swmr, tmp_path: Path) -> None:
    """An error, where swmr_tools counts points of other places as one."""
    with pytest.raises(Py4JJavaError, match="SCAN_SHAPES_DIFFER"):
        ready(swmr, tmp_path / "a.h5", np.ones((2, 3)), np.ones((3, 2)))
    with pytest.raises(Py4JJavaError, match="SCAN_SHAPES_DIFFER"):
        ready(swmr, tmp_path / "b.h5", np.ones((2, 3)), np.ones(6))
    with pytest.raises(Py4JJavaError, match="KEYS_INVALID"):
        ready(swmr, tmp_path / "c.h5", np.array([b"a", b"b"]))
    file = swmr.open(write(tmp_path / "d.h5", data=np.ones(3)))
    with pytest.raises(Py4JJavaError, match="SCAN_SHAPES_DIFFER"):
        swmr.java.FrameReader(file.dataset("/data"), 2)


def test_sees_keys_that_are_added(swmr: Swmr, tmp_path: Path) -> None:
    """By iterating and by refresh alone; in extents that grow; in a file of an old format."""
    path = tmp_path / "added.h5"
    with h5py.File(path, "w") as file:
        keys = file.create_dataset("keys", (2, 10), "i4", maxshape=(5, 10), chunks=(1, 10))
        keys[...] = 1
        file.flush()
        follower = swmr.keys([swmr.open(path).dataset("/keys")])
        assert follower.getCurrentMax() == -1
        assert follower.refresh()
        assert not follower.refresh()
        assert follower.getCurrentMax() == 19
        assert not follower.areKeysComplete()
        assert len(drain(follower)) == 20
        assert follower.hasTimedOut()
        keys.resize((5, 10))
        keys[2] = 1
        keys[3, :5] = 1
        file.flush()
        assert drain(follower) == list(range(20, 35))
        keys[...] = 1
        file.flush()
        assert drain(follower) == list(range(35, 50))
        assert follower.areKeysComplete()
        follower.reset()
        assert follower.getCurrentMax() == -1
        assert len(drain(follower)) == 50


def test_finished_flag(swmr: Swmr, tmp_path: Path) -> None:
    """Of any shape with one element, a scalar too; one of four elements says nothing."""
    flags: dict[str, Any] = {
        "scalar": np.int32(1), "one": np.ones(1), "two": np.ones((1, 1), "u1"),
        "none": np.zeros(1), "four": np.ones(4),
    }  # fmt: skip
    path = write(tmp_path / "f.h5", keys=np.array([1, 1, 0]), **flags)
    file = swmr.open(path)
    for name in flags:
        finished = name in ("scalar", "one", "two")
        follower = swmr.keys([file.dataset("/keys")], 0.05, finished=file.dataset("/" + name))
        assert not follower.isFinishedSet()
        assert drain(follower) == [0, 1]
        assert follower.isFinishedSet() == finished, name
        assert follower.hasTimedOut() != finished, name
        follower.reset()
        assert follower.isFinishedSet() == finished, name
        assert drain(follower) == [0, 1]


def test_rows(swmr: Swmr, tmp_path: Path) -> None:
    """The last index of each row that is complete; nothing of a partial row is lost."""
    path = tmp_path / "rows.h5"
    with h5py.File(path, "w") as file:
        keys = file.create_dataset("keys", (5, 10), "i4")
        keys[:2] = 1
        keys[2, :5] = 1
        endless = file.create_dataset("endless", (50,), "i4", maxshape=(None,))
        endless[...] = 1
        file.flush()
        opened = swmr.open(path)
        options = swmr.options(0.05)
        rows = swmr.java.RowKeyFollower([opened.dataset("/keys")], options)
        assert drain(rows) == [9, 19]
        keys[2, 5:] = 1
        file.flush()
        assert drain(rows) == [29]
        keys[...] = 1
        file.flush()
        assert drain(rows) == [39, 49]
        rows.reset()
        assert drain(rows) == [9, 19, 29, 39, 49]
        with pytest.raises(Py4JJavaError, match="row size"):
            swmr.java.RowKeyFollower([opened.dataset("/endless")], options)
        rows = swmr.java.RowKeyFollower([opened.dataset("/endless")], 20, options)
        assert drain(rows) == [19, 39]


def test_a_scan_that_is_cut_is_an_error(swmr: Swmr, tmp_path: Path) -> None:
    """Frames that were given are not there any more, or have other numbers."""
    path = tmp_path / "cut.h5"
    with h5py.File(path, "w") as file:
        for shape in ((4, 6), (6, 3)):
            keys = file.create_dataset("keys", (5, 6), "i4", maxshape=(9, 9), chunks=(1, 3))
            keys[...] = 1
            file.flush()
            follower = swmr.keys([swmr.open(path).dataset("/keys")])
            assert len(drain(follower)) == 30
            keys.resize(shape)
            file.flush()
            with pytest.raises(Py4JJavaError, match="SCAN_CHANGED"):
                follower.refresh()
            del file["keys"]


def test_reads_only_new_keys(swmr: Swmr, tmp_path: Path) -> None:
    """A poll of a million keys, of which a thousand are new, reads less than a hundredth."""
    path = tmp_path / "million.h5"
    frames = 1_000_000
    with h5py.File(path, "w", libver="latest") as file:
        keys = file.create_dataset("keys", (frames,), "i8", maxshape=(None,), chunks=(1024,))
        keys[: frames - 5000] = 1
        file.swmr_mode = True
        opened = swmr.open(path)
        follower = swmr.keys([opened.dataset("/keys")])
        follower.refresh()
        read = []
        for end in range(frames - 4000, frames + 1, 1000):
            keys[end - 1000 : end] = end
            keys.flush()
            before = read_bytes(swmr)
            assert follower.refresh()
            read.append(read_bytes(swmr) - before)
            assert follower.getCurrentMax() == end - 1
        # Spark's own threads may read something now and then.
        assert min(read) < 80_000
        source = swmr.java.KeySource.of(opened.dataset("/keys"))
        assert source.key(frames - 5) == frames
    assert follower.frontier().state().next() == frames


def read_bytes(swmr: Swmr) -> int:
    """Give what the JVM has read from files so far, its own class files among it."""
    process = swmr.jvm.java.lang.ProcessHandle.current().pid()
    text = Path(f"/proc/{process}/io").read_text(encoding="ascii")
    return int(text.split("rchar: ")[1].split()[0])
