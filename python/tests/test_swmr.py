"""The Java followers of live scans, on files that h5py writes, beside swmr_tools."""

from __future__ import annotations

import math
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
import swmr_tools
from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession

import live_writer

WRITER = Path(live_writer.__file__)
DATA = "/entry/data/data"
MADE = "/entry/timing/created_ns"


class Swmr:
    """The package `io.sparkarrays.swmr` in the session's JVM."""

    def __init__(self, spark: SparkSession) -> None:
        """Look the package up."""
        jvm: Any = spark.sparkContext._jvm
        self.jvm = jvm
        self.gateway: Any = spark.sparkContext._gateway
        self.java: Any = jvm.io.sparkarrays.swmr
        self.files: list[Any] = []

    def open(self, path: Path, wait: float = 0.0, datasets: tuple[str, ...] = ()) -> Any:
        """Open a file."""
        file = self.java.LiveFiles.open(self.path(path), list(datasets), self.millis(wait))
        self.files.append(file)
        return file

    def path(self, path: Path) -> Any:
        """Give a Java path."""
        return self.jvm.java.io.File(str(path)).toPath()

    def millis(self, seconds: float) -> Any:
        """Give a Java duration."""
        return self.jvm.java.time.Duration.ofMillis(round(1000 * seconds))

    def options(self, timeout: float, finished: Any = None, gaps: Any = None) -> Any:
        """Give options to follow with."""
        options = self.java.FollowOptions.DEFAULTS.withTimeout(self.millis(timeout))
        options = options if finished is None else options.withFinished(finished)
        return options if gaps is None else options.withGaps(gaps)

    def keys(self, datasets: list[Any], timeout: float = 0.05, **options: Any) -> Any:
        """Follow keys only."""
        return self.java.KeyFollower(datasets, self.options(timeout, **options))

    def longs(self, *values: int) -> Any:
        """Give a Java array."""
        array = self.gateway.new_array(self.jvm.long, len(values))
        for i, value in enumerate(values):
            array[i] = value
        return array


@pytest.fixture
def swmr(spark: SparkSession) -> Iterator[Swmr]:
    """Give the package, and close the files that a test opened."""
    swmr = Swmr(spark)
    yield swmr
    for file in swmr.files:
        file.close()


def values(frame: Any) -> Any:
    """Give a Java frame as numpy has it."""
    dtype = frame.dtype().get().toString()
    return np.array(list(frame.toLongs()), dtype).reshape(list(frame.shape().dims()))


def drain(iterator: Any) -> list[Any]:
    """Take all that comes."""
    found = []
    while iterator.hasNext():
        found.append(iterator.next())
    return found


@contextmanager
def writing(path: Path, *arguments: object, until: str = "ready") -> Iterator[Any]:
    """Have a process write a scan."""
    command = [sys.executable, str(WRITER), str(path), *map(str, arguments)]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip() == until:
                break
        yield process
    finally:
        process.kill()
        process.wait()


def follow(swmr: Swmr, path: Path, timeout: float, keys: int = 1, gaps: Any = None) -> Any:
    """Follow a scan of the writer."""
    file = swmr.open(path, 10.0, (DATA, MADE))
    key_sets = [file.dataset(f"/entry/keys/key_{k + 1}") for k in range(keys)]
    options = swmr.options(timeout, file.dataset("/entry/finished"), gaps)
    data = {name: file.dataset(name) for name in (DATA, MADE)}
    return swmr.java.DataSource(key_sets, data, options)


def peer(path: Path, keys: int, found: list[tuple[int, str, bytes]]) -> None:
    """Follow a scan with swmr_tools."""
    with h5py.File(path, "r", libver="latest", swmr=True) as file:
        source = swmr_tools.DataSource(
            [file[f"/entry/keys/key_{k + 1}"] for k in range(keys)],
            {DATA: file[DATA]},
            timeout=2,
            finished_dataset=file["/entry/finished"],
        )
        for frames in source:
            slices = tuple(slice(int(s.start), int(s.stop)) for s in frames.slice_metadata)
            found.append((frames.index, str(slices), frames[DATA].tobytes()))


MODES: dict[str, list[object]] = {
    "fixed": ["--fps", 300],
    "fixed, gzip": ["--compression", "gzip", "--libver", "v110"],
    "fixed, bitshuffle": ["--compression", "bslz4", "--fps", 300],
    "fixed, bitshuffle, v110": ["--compression", "bslz4", "--libver", "v110"],
    "growing": ["--grow", "--libver", "v110", "--fps", 300],
    "growing, gzip": ["--grow", "--compression", "gzip"],
    "growing, bitshuffle": ["--grow", "--compression", "bslz4", "--fps", 300],
    "two keys, the second later": ["--keys", 2, "--lag", 7],
    "growing, two keys": ["--keys", 2, "--lag", 3, "--grow", "--key-ones", 2],
    "gaps": ["--gaps", 8, "--fps", 300],
    "grid": ["--scan", "6,10", "--key-ones", 2, "--fps", 300],
    "growing grid": ["--scan", "6,10", "--grow", "--compression", "bslz4"],
    "a key a chunk, vectors": ["--key-chunk", 1, "--frame", "30", "--key-type", "u1"],
    "scalars, real keys": ["--frame", "", "--key-type", ">f4"],
}


@pytest.mark.parametrize("mode", MODES)
def test_follows_a_writer(swmr: Swmr, tmp_path: Path, mode: str) -> None:
    """Every frame once, in order, its pixels right; swmr_tools gives the same frames."""
    path = tmp_path / "live.h5"
    options = live_writer.parse([str(path), *map(str, MODES[mode])])
    with writing(path, *MODES[mode], "--hold", 20) as process:
        theirs: list[tuple[int, str, bytes]] = []
        thread = threading.Thread(target=peer, args=(path, options.keys, theirs))
        # As it stalls for a second whenever it catches up with a growing file.
        at_once = not options.grow
        if at_once:
            thread.start()
        source = follow(swmr, path, 10.0, options.keys)
        ours = []
        for frames in drain(source):
            frame = values(frames.get(DATA))
            expected = live_writer.frame(frames.index(), options.frame)
            assert (frame.reshape(expected.shape) == expected).all(), frames.index()
            made = values(frames.get(MADE))
            assert abs(time.time_ns() - int(made.item())) < 60e9
            ours.append((frames.index(), frames.sliceMetadata().toString(), frame.tobytes()))
        assert [index for index, _, _ in ours] == list(range(math.prod(options.scan)))
        assert source.isScanFinished() or source.keys().areKeysComplete()
        assert not source.hasTimedOut()
        if not at_once:
            thread.start()
        thread.join()
        assert theirs == ours
        assert process.poll() is None


@pytest.mark.parametrize("grow", [[], ["--grow"]])
def test_keys_that_come_before_their_frames(swmr: Swmr, tmp_path: Path, grow: list[str]) -> None:
    """No fill value ever stands for a frame: swmr_tools gives hundreds of them here."""
    path = tmp_path / "early.h5"
    arguments = ["--data-flush-every", 25, "--scan", 130, "--frame", "8,8", "--fps", 500, *grow]
    with writing(path, *arguments, "--hold", 20):
        source = follow(swmr, path, 10.0)
        late = 0
        count = 0
        while source.hasNext():
            frames = source.next()
            # A look while frames are at hand: keys come one by one, data 25 at a time.
            source.keys().frontier().advance(swmr.jvm.System.nanoTime(), False)
            late = max(late, source.keys().frontier().late())
            expected = live_writer.frame(count, (8, 8))
            assert frames.index() == count
            assert (values(frames.get(DATA))[0] == expected).all(), count
            count += 1
        assert count == 130
        assert late > 0


def test_a_writer_that_dies(swmr: Swmr, tmp_path: Path) -> None:
    """What it flushed is read, and then the timeout ends it."""
    path = tmp_path / "killed.h5"
    with writing(path, "--kill-after", 40, "--compression", "bslz4", "--grow") as process:
        source = follow(swmr, path, 0.5)
        assert [frames.index() for frames in drain(source)] == list(range(40))
        assert source.hasTimedOut()
        assert not source.isScanFinished()
        assert process.wait() != 0
    assert swmr.files[0].currentStatus().name() == "OPEN_FOR_SWMR"


def test_missing_keys(swmr: Swmr, tmp_path: Path) -> None:
    """Waiting stops at the first that is missing; skipping gives the others."""
    path = tmp_path / "missing.h5"
    with writing(path, "--missing", "20,21,45", "--hold", 20, until="ready"):
        waiting = follow(swmr, path, 10.0)
        assert [frames.index() for frames in drain(waiting)] == list(range(20))
        assert waiting.isScanFinished()
        skipping = follow(swmr, path, 10.0, gaps=swmr.java.GapPolicy.skipAfter(5))
        indexes = [frames.index() for frames in drain(skipping)]
        assert indexes == [i for i in range(60) if i not in (20, 21, 45)]
        assert skipping.keys().frontier().state().skipped().toString() == "[20:22, 45:46]"


def master(path: Path, sources: list[Path], count: int) -> None:
    """Write virtual data sets in which sources of the writer take turns."""
    with h5py.File(path, "w", libver="latest") as file:
        for name, shape, dtype in ((DATA, (4, 4), "u2"), ("/entry/keys/key_1", (), "i8")):
            layout = h5py.VirtualLayout((count * len(sources), *shape), dtype)
            for turn, source in enumerate(sources):
                layout[turn :: len(sources)] = h5py.VirtualSource(
                    source.name, name, (count, *shape), dtype
                )
            file.create_virtual_dataset(name, layout, fillvalue=0)


def test_writers_behind_a_virtual_data_set(swmr: Swmr, tmp_path: Path) -> None:
    """The frontier is that of the slowest of four, one of whom has no file at first."""
    count = 20
    sources = [tmp_path / f"writer{turn}.h5" for turn in range(4)]
    master(tmp_path / "master.h5", sources, count)
    file = swmr.open(tmp_path / "master.h5")
    keys = [file.dataset("/entry/keys/key_1")]
    poll = swmr.options(10.0).withPollInterval(swmr.millis(0.02))
    source = swmr.java.DataSource(keys, {DATA: file.dataset(DATA)}, poll)
    with ExitStack() as stack:
        for turn, path in enumerate(sources[:3]):
            early = ["--data-flush-every", 8] if turn == 1 else []
            arguments = ["--scan", count, "--frame", "4,4", "--fps", 100, "--hold", 20, *early]
            stack.enter_context(writing(path, *arguments))
        source.keys().refresh()
        assert source.keys().getCurrentMax() <= 2
        # The last writer begins to make its file.
        begun = sources[0].read_bytes()
        for content in (b"", begun[:48], begun[:1000]):
            sources[3].write_bytes(content)
            source.keys().refresh()
            assert source.keys().getCurrentMax() <= 2
        stack.enter_context(
            writing(sources[3], "--scan", count, "--frame", "4,4", "--fps", 40, "--hold", 20)
        )
        for index in range(4 * count):
            assert source.hasNext()
            frames = source.next()
            assert frames.index() == index
            expected = live_writer.frame(index // 4, (4, 4))
            assert (values(frames.get(DATA))[0] == expected).all(), index
        assert not source.hasNext()
        assert source.keys().areKeysComplete()


def test_waits_for_the_file_and_for_swmr_mode(swmr: Swmr, tmp_path: Path) -> None:
    """A file that is not there, and one that lets nobody read yet, are waited for."""
    path = tmp_path / "late.h5"
    readable = swmr.java.LiveFiles.checkFileReadable
    assert not readable(swmr.path(path), [DATA], swmr.millis(0.05))
    with pytest.raises(Py4JJavaError, match="NoSuchFileException"):
        swmr.open(path)
    path.touch()
    opened: list[Any] = []
    waiter = threading.Thread(target=lambda: opened.append(swmr.open(path, 20.0, (DATA,))))
    waiter.start()
    with writing(path, "--late-swmr", 0.5, "--hold", 20, until="created"):
        with pytest.raises(Py4JJavaError, match="HDF5_OPEN_FOR_WRITING"):
            swmr.open(path)
        waiter.join()
        assert opened[0].status().name() == "OPEN_FOR_SWMR"
        assert len(drain(follow(swmr, path, 10.0))) == 60
        assert readable(swmr.path(path), [DATA, MADE], swmr.millis(5))
        assert not readable(swmr.path(path), ["/entry/other"], swmr.millis(0.05))
    assert len(drain(follow(swmr, path, 0.1))) == 60


# What swmr_tools' own tests and documentation show, on files that are complete or are extended.


@contextmanager
def file_of(path: Path, **datasets: Any) -> Iterator[Any]:
    """Write data sets into a file."""
    with h5py.File(path, "w") as file:
        for name, content in datasets.items():
            file.create_dataset(name, data=content, maxshape=content.shape)
        yield file


def write(path: Path, **datasets: Any) -> Path:
    """Write a file and close it."""
    with file_of(path, **datasets):
        return path


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


def test_data_wider_than_the_scan(swmr: Swmr, tmp_path: Path) -> None:
    """Frames are where their keys are: swmr_tools takes those of other positions."""
    data = np.arange(8).reshape(2, 4)
    file = swmr.open(write(tmp_path / "wide.h5", keys=np.ones((2, 3)), data=data))
    source = swmr.java.DataSource([file.dataset("/keys")], {"d": file.dataset("/data")})
    found = [int(values(frames.get("d")).item()) for frames in drain(source)]
    assert found == [0, 1, 2, 4, 5, 6]


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
