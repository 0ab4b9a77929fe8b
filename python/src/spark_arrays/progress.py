"""How far Spark's jobs are, in frames and tasks, while Python waits for them."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TextIO

from pyspark import Accumulator, SparkContext
from pyspark.sql import SparkSession

from spark_arrays.errors import SparkArraysError

__all__ = ["Done", "progress"]


@dataclass(frozen=True)
class Done:
    """How far jobs are.

    Parameters
    ----------
    tasks, of_tasks
        tasks that are done, of those known so far
    frames
        frames that functions of ``map_frames`` and ``reduce_frames`` have seen in done tasks
    seconds
        since the begin
    of_frames
        frames in all, if that is known

    Examples
    --------
    >>> print(Done(3, 8, 1200, 2.0, 4096))
    3 of 8 tasks, 1,200 of 4,096 frames, 600 frames/s, 2 s
    >>> Done(3, 8, 1200, 2.0).rate
    600.0
    """

    tasks: int
    of_tasks: int
    frames: int
    seconds: float
    of_frames: int | None = None

    @property
    def rate(self) -> float:
        """Frames a second."""
        return self.frames / self.seconds if self.seconds > 0 else 0.0

    def __str__(self) -> str:
        """As a line."""
        seen = ""
        if self.frames or self.of_frames:
            of = "" if self.of_frames is None else f" of {self.of_frames:,}"
            seen = f", {self.frames:,}{of} frames, {self.rate:,.0f} frames/s"
        return f"{self.tasks} of {self.of_tasks} tasks{seen}, {self.seconds:.0f} s"


class _Watch:
    """What one ``with progress():`` has seen."""

    def __init__(self, spark: SparkSession, total: int | None, out: TextIO) -> None:
        self.context: SparkContext = spark.sparkContext
        self.total, self.out = total, out
        self.counter: Accumulator[int] = self.context.accumulator(0)
        self.begin = time.monotonic()
        self.group = self.context.getLocalProperty("spark.jobGroup.id")
        self.earlier = set(self._jobs())

    def _jobs(self) -> list[int]:
        return list(self.context.statusTracker().getJobIdsForGroup(self.group))

    def done(self) -> Done:
        tracker = self.context.statusTracker()
        tasks = of_tasks = 0
        for job in set(self._jobs()) - self.earlier:
            info = tracker.getJobInfo(job)
            for stage in info.stageIds if info else ():
                known = tracker.getStageInfo(stage)
                if known is not None:
                    tasks += known.numCompletedTasks
                    of_tasks += known.numTasks
        return Done(
            tasks, of_tasks, int(self.counter.value), time.monotonic() - self.begin, self.total
        )

    def tell(self, end: str = "") -> None:
        line = str(self.done())
        if self.out.isatty():
            print(f"\r{line:<78}", end=end, file=self.out, flush=True)
        else:
            print(line, file=self.out, flush=True)


_ACTIVE: list[_Watch] = []


def frame_counter() -> Accumulator[int] | None:
    """Give what counts frames, within ``with progress():``."""
    return _ACTIVE[-1].counter if _ACTIVE else None


@contextmanager
def progress(
    spark: SparkSession | None = None,
    *,
    total: int | None = None,
    seconds: float = 2.0,
    out: TextIO | None = None,
) -> Iterator[Callable[[], Done]]:
    """Tell every few seconds how far the jobs are that run in the meantime.

    Frames are those that functions of ``map_frames`` and ``reduce_frames`` have seen, of calls
    inside of the ``with``; they count when their task ends.

    Parameters
    ----------
    spark
        the session; else the active one
    total
        how many frames there will be, if that shall be told: ``df.count()`` reads none
    seconds
        between two lines
    out
        where lines go; else standard error

    Yields
    ------
    Callable[[], Done]
        tells how far they are now

    Raises
    ------
    SparkArraysError
        ``SESSION_MISSING``

    Examples
    --------
    >>> from spark_arrays import load, reduce_frames
    >>> df = load("scan")
    >>> with progress(total=df.count(), seconds=60, out=sys.stdout) as done:
    ...     total = reduce_frames(df, lambda block, index: block.sum(axis=0), np.add)
    1 of 1 tasks, 64 of 64 frames, ... frames/s, ... s
    >>> done().frames
    64
    """
    spark = spark or SparkSession.getActiveSession()
    if spark is None:
        raise SparkArraysError(
            "SESSION_MISSING", "progress", "no session is active", "Give one: progress(spark)"
        )
    watch = _Watch(spark, total, out or sys.stderr)
    ended = threading.Event()

    def tell() -> None:
        while not ended.wait(seconds):
            watch.tell()

    thread = threading.Thread(target=tell, name="spark-arrays-progress", daemon=True)
    _ACTIVE.append(watch)
    thread.start()
    try:
        yield watch.done
    finally:
        _ACTIVE.remove(watch)
        ended.set()
        thread.join()
        watch.tell(end="\n")
