"""Jobs in turn: results are compared before times count, and runs alternate."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Result = float | npt.NDArray[np.float64]


@dataclass
class Timed:
    """The result of a job that timed itself, without the start of its process, say."""

    result: Result
    seconds: float


Job = Callable[[], Result | Timed]


def alternate(
    runs: int, jobs: dict[str, Job], want: Result, rtol: float = 1e-9
) -> dict[str, list[float]]:
    """Time jobs in turn after a warm-up of each; stop if one gives another result."""
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for run in range(runs + 1):
        for name, job in jobs.items():
            begin = time.perf_counter()
            done = job()
            seconds = time.perf_counter() - begin
            if isinstance(done, Timed):
                got, seconds = done.result, done.seconds
            else:
                got = done
            if np.shape(got) != np.shape(want) or not np.allclose(got, want, rtol=rtol, atol=0):
                sys.exit(f"{name} gave {got}, not {want}: nothing is reported")
            if run > 0:
                times[name].append(seconds)
            print(f"  {name}: {seconds:.2f} s{'' if run else ' (warm-up)'}", flush=True)
    return times


def report(title: str, size: float, times: dict[str, list[float]]) -> str:
    """Give a Markdown table of gigabytes a second; the first job is ours."""
    ours = statistics.median(next(iter(times.values())))
    lines = [f"### {title}", "", "| job | GB/s, median | best | ours ÷ it |", "|---|---|---|---|"]
    for name, seconds in times.items():
        median = statistics.median(seconds)
        rates = f"{size / median / 1e9:.2f} | {size / min(seconds) / 1e9:.2f}"
        lines.append(f"| {name} | {rates} | {median / ours:.2f} |")
    return "\n".join([*lines, ""])


def report_seconds(title: str, times: dict[str, list[float]]) -> str:
    """Give a Markdown table of seconds; the first job is ours."""
    ours = statistics.median(next(iter(times.values())))
    lines = [f"### {title}", "", "| job | s, median | best | it ÷ ours |", "|---|---|---|---|"]
    for name, seconds in times.items():
        median = statistics.median(seconds)
        lines.append(f"| {name} | {median:.2f} | {min(seconds):.2f} | {median / ours:.2f} |")
    return "\n".join([*lines, ""])
