"""Peers that are no Spark jobs: LiberTEM, and plain processes."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from types import TracebackType

import frames
import numpy as np
from timing import Job, Result, Timed

ROOT = Path(__file__).resolve().parents[1]
LIBERTEM = ROOT / ".venv-libertem/bin/python"


class LiberTem:
    """A LiberTEM of some executor, in its own process and environment."""

    def __init__(self, executor: str, out: Path) -> None:
        self.out = out / f"libertem-{executor}"
        self.log = self.out.with_suffix(".log")
        script = Path(__file__).with_name("libertem_peer.py")
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [str(LIBERTEM), str(script), executor],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def __enter__(self) -> LiberTem:
        """Give itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the process."""
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.wait()

    def _ask(self, do: str, source: Path, target: Path) -> float:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        job = {"do": do, "source": str(source), "target": str(target)}
        with contextlib.suppress(BrokenPipeError):
            print(json.dumps(job), file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"LiberTEM ended over {job}:\n{self.log.read_text()[-2000:]}")
        return float(json.loads(answer)["seconds"])

    def reduce(self, do: str, source: Path) -> Timed:
        """Do ``sums`` or ``total``."""
        target = self.out.with_suffix(".npy")
        seconds = self._ask(do, source, target)
        return Timed(np.load(target).astype(np.float64), seconds)

    def reducing(self, do: str, source: Path) -> Job:
        """Give the job that does it."""
        return lambda: self.reduce(do, source)

    def write(self, source: Path) -> Timed:
        """Copy a data set through the write handle."""
        shutil.rmtree(self.out, ignore_errors=True)
        self.out.mkdir()
        seconds = self._ask("write", source, self.out)
        written = Timed(frames.size_of(frames.parts(self.out)), seconds)
        shutil.rmtree(self.out)
        return written


def plain_pread(pool: ProcessPoolExecutor, path: Path) -> Job:
    """Read the files with the processes of a pool."""

    def job() -> Result:
        return float(sum(pool.map(frames.pread, frames.parts(path))))

    return job
