"""The Java followers of what other processes write, beside swmr_tools."""

from __future__ import annotations

import math
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import h5py
import pytest
import swmr_tools
from py4j.protocol import Py4JJavaError

import live_writer
from live_scans import DATA, FINISHED, MADE, MODES, master, writing
from swmr_java import Swmr, drain, follow, values


def peer(path: Path, keys: int, found: list[tuple[int, str, bytes]]) -> None:
    """Follow a scan with swmr_tools."""
    with h5py.File(path, "r", libver="latest", swmr=True) as file:
        source = swmr_tools.DataSource(
            [file[f"/entry/keys/key_{k + 1}"] for k in range(keys)],
            {DATA: file[DATA]},
            timeout=2,
            finished_dataset=file.get(FINISHED),
        )
        for frames in source:
            slices = tuple(slice(int(s.start), int(s.stop)) for s in frames.slice_metadata)
            found.append((frames.index, str(slices), frames[DATA].tobytes()))


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
        source = follow(swmr, path, 10.0, options.keys, finished=not options.no_finished)
        ours = []
        for frames in drain(source):
            frame = values(frames.get(DATA))
            expected = live_writer.written(options, frames.index())
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


def test_waits_for_a_writer_that_lets_nobody_read(swmr: Swmr, tmp_path: Path) -> None:
    """A file that never is in SWMR mode is read once it is closed."""
    path = tmp_path / "plain.h5"
    with writing(path, "--no-swmr", "--go") as process:
        with pytest.raises(Py4JJavaError, match="HDF5_OPEN_FOR_WRITING"):
            swmr.open(path)
        opened: list[Any] = []
        waiter = threading.Thread(target=lambda: opened.append(swmr.open(path, 20.0, (DATA,))))
        waiter.start()
        process.communicate("go\n")
        waiter.join()
        assert opened[0].status().name() == "CLOSED"
        assert len(drain(follow(swmr, path, 10.0))) == 60
