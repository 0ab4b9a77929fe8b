"""Whole jobs against their peers, in one run: ratios of medians, after the results were compared.

    .venv/bin/python bench/jobs.py [--out build/bench] [--mib 1024] [--runs 5] [--only sums,total]

The jobs of frames work on the same ones, float32 of 256 x 256, those of particles on a table of as
many bytes; all are in the page cache. Runs alternate, so that a noisy machine is noisy for all. How
a file was written shows in later reads until it is evicted and read once, so that is done before
reads are timed.
"""

from __future__ import annotations

import argparse
import shutil
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import frames
import hdf5_spark
import peers
from particles import Particles
from spark_jobs import Jobs, Planning
from timing import Job, alternate, report, report_seconds

import spark_arrays

CORES = 2
PLANNED_FILES = 100_000

LIBERTEM_RTOL = 1e-4
"""LiberTEM sums float32 in float32, the others in float64."""

FRAMES = ["write", "scan", "sums", "total", "python", "plan"]
GROUPS = [*FRAMES, "hdf5-write", "genericio", "npz", "hdf5"]


def writing(jobs: Jobs, stack: ExitStack, runs: int) -> str:
    """Write the same cached rows in every way."""
    jobs.cache()
    size = jobs.write()
    ways: dict[str, Job] = {
        "clusterdata": jobs.write,
        "clusterdata, `distribution = none`": lambda: jobs.write("none"),
        "Parquet, uncompressed": jobs.write_parquet,
        "`numpy.tofile` in `mapInArrow`": jobs.write_tofile,
        "noop": jobs.noop,
    }
    if peers.LIBERTEM.exists():
        handle = stack.enter_context(peers.LiberTem("inline", jobs.out))
        ways["LiberTEM's write handle, one process"] = lambda: handle.write(jobs.set)
    table = report("Writing from a cached DataFrame", size, alternate(runs, ways, size))
    jobs.rows.unpersist(blocking=True)
    shutil.rmtree(jobs.out / "parquet")
    shutil.rmtree(jobs.out / "tofile")
    return table


def writing_hdf5(jobs: Jobs, runs: int) -> list[str]:
    """Write the same cached rows to HDF5, plain and by gzip."""
    jobs.cache()
    size = float(jobs.count * frames.FRAME_BYTES)
    plain: dict[str, Job] = {
        "hdf5": lambda: jobs.write_hdf5("none"),
        "`mapInArrow` and h5py, a file a task": lambda: jobs.write_h5py(None),
        "Parquet, uncompressed": jobs.write_parquet,
        "hdf5, lz4": lambda: jobs.write_hdf5("lz4"),
        "hdf5, bitshuffle-lz4": lambda: jobs.write_hdf5("bitshuffle-lz4"),
        "noop": jobs.noop,
    }
    gzip: dict[str, Job] = {
        "hdf5, gzip": lambda: jobs.write_hdf5("gzip"),
        "`mapInArrow` and h5py, gzip": lambda: jobs.write_h5py("gzip"),
    }
    tables = [
        report("Writing HDF5 from a cached DataFrame", size, alternate(runs, plain, size)),
        report("Writing HDF5, gzip", size, alternate(runs, gzip, size)),
    ]
    jobs.rows.unpersist(blocking=True)
    for name in ("h5py", "parquet", "result.h5.parts"):
        shutil.rmtree(jobs.out / name)
    return tables


def scanning(jobs: Jobs, stack: ExitStack, runs: int) -> str:
    """Read every byte."""
    size = float(jobs.count * frames.FRAME_BYTES)
    pool = stack.enter_context(ProcessPoolExecutor(CORES))
    ways: dict[str, Job] = {
        "clusterdata": jobs.scan_sizes,
        "plain pread, 2 processes": peers.plain_pread(pool, jobs.set),
    }
    title = "Reading every frame, `SELECT sum(size(frame))`"
    return report(title, size, alternate(runs, ways, size))


def reducing(jobs: Jobs, stack: ExitStack, runs: int, do: str) -> str:
    """Reduce every frame, or all frames to one."""
    size = float(jobs.count * frames.FRAME_BYTES)
    if do == "sums":
        title, want = "Per-frame sums", frames.expected_sums(jobs.count)
        ways: dict[str, Job] = {
            "`arrays.frame_sum(frame)`": jobs.sums_by_function,
            "RDD and numpy.memmap by hand": jobs.sums_by_hand,
            "`mapInArrow`": jobs.sums_by_map,
        }
    else:
        title, want = "The sum of all frames", frames.expected_total(jobs.count)
        ways = {
            "`arrays.frame_total(frame)`": jobs.total_by_function,
            "RDD and numpy.memmap by hand": jobs.total_by_hand,
        }
    if peers.LIBERTEM.exists():
        for executor in ("threads", "dask"):
            peer = stack.enter_context(peers.LiberTem(executor, jobs.out))
            ways[f"LiberTEM 0.14.2, {executor}"] = peer.reducing(do, jobs.set)
    return report(title, size, alternate(runs, ways, want, LIBERTEM_RTOL))


def python(jobs: Jobs, runs: int) -> str:
    """Sum each frame in Python."""
    ways: dict[str, Job] = {
        "clusterdata, `arrow_udf`": jobs.sums_by_udf,
        "clusterdata, `mapInArrow`": jobs.sums_by_map,
        "RDD and numpy.memmap by hand": jobs.sums_by_hand,
    }
    size = float(jobs.count * frames.FRAME_BYTES)
    times = alternate(runs, ways, frames.expected_sums(jobs.count))
    return report("Per-frame sums in Python", size, times)


def planning(jobs: Jobs, runs: int) -> str:
    """Plan a read of very many files, without reading them."""
    plans = Planning(jobs.spark, jobs.out, PLANNED_FILES)
    ways: dict[str, Job] = {"clusterdata": plans.plan, "Spark's `binaryFile`": plans.plan_binary}
    times = alternate(runs, ways, float(PLANNED_FILES))
    shutil.rmtree(plans.set)
    return report_seconds(f"Planning a read of {PLANNED_FILES} files", times)


def genericio(table: Particles, runs: int) -> list[str]:
    """Write and read a table of particles."""
    table.cache()
    written = report(
        "Writing 8 columns from a cached DataFrame",
        table.size,
        alternate(runs, table.writing(), table.want),
    )
    table.rows.unpersist(blocking=True)
    frames.evict_and_read(table.parts())
    with ProcessPoolExecutor(CORES) as pool:
        ways = table.reading(pool)
        read = report(
            "Reading 8 columns, `SELECT sum(x), sum(y), …`",
            table.size,
            alternate(runs, ways, table.want),
        )
    ways = {"genericio, one column of 8": table.one, "genericio, all": ways["genericio"]}
    one = report_seconds("Reading one column of 8", alternate(runs, ways, table.want))
    return [written, read, one]


def npz(table: Particles, runs: int) -> str:
    """Read what numpy saved."""
    frames.evict_and_read(table.save())
    with ProcessPoolExecutor(CORES) as pool:
        times = alternate(runs, table.loading(pool), table.want)
    return report("Reading npz files of 8 arrays, a sum of each", table.size, times)


def library() -> list[Path]:
    """Find the HDF Group's library, which Maven has for the tests; writing HDF5 needs it."""
    root = Path.home() / ".m2/repository/org/bytedeco"
    found = [*root.glob("hdf5/1.14*/*.jar"), *root.glob("javacpp/1.5.10/*.jar")]
    return [jar for jar in found if jar.stem.endswith(("1.5.10", "linux-x86_64"))]


def run(jobs: Jobs, only: list[str], runs: int) -> list[str]:
    """Run the groups of jobs that are wanted; each has its peers for itself."""
    tables = []
    if "write" in only:
        with ExitStack() as stack:
            tables.append(writing(jobs, stack, runs))
    if "hdf5-write" in only:
        tables += writing_hdf5(jobs, runs)
    if set(only) & set(FRAMES) - {"write", "plan"}:
        jobs.write("none")
        frames.evict_and_read(frames.parts(jobs.set))
    if "scan" in only:
        with ExitStack() as stack:
            tables.append(scanning(jobs, stack, runs))
    for do in ("sums", "total"):
        if do in only:
            with ExitStack() as stack:
                tables.append(reducing(jobs, stack, runs, do))
    if "python" in only:
        tables.append(python(jobs, runs))
    if "plan" in only:
        tables.append(planning(jobs, runs))
    if set(only) & {"genericio", "npz"}:
        table = Particles(jobs.spark, jobs.out, jobs.count * frames.FRAME_BYTES)
        if "genericio" in only:
            tables += genericio(table, runs)
        if "npz" in only:
            tables.append(npz(table, runs))
    if "hdf5" in only:
        size = jobs.count * frames.FRAME_BYTES
        tables += hdf5_spark.tables(hdf5_spark.Hdf5Jobs(jobs.spark, jobs.out, size), runs)
    return tables


def main() -> None:
    """Run the jobs and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, default=peers.ROOT / "build/bench")
    parser.add_argument("--mib", type=int, default=1024)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--jars", default="", help="Intel's inflater, say: a.jar,b.jar")
    parser.add_argument("--only", default=",".join(GROUPS), help="of " + ", ".join(GROUPS))
    options = parser.parse_args()
    only = options.only.split(",")
    if unknown := set(only) - set(GROUPS):
        parser.error(f"--only {','.join(sorted(unknown))}: there are {', '.join(GROUPS)}")
    out = options.out.resolve()
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    count = (options.mib << 20) // frames.FRAME_BYTES // 64 * 64
    settings = {
        # The cached rows and as much again.
        "spark.driver.memory": f"{max(6, 2 * options.mib // 1024 + 2)}g",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "32",
        "spark.sql.inMemoryColumnarStorage.batchSize": "32",
    }
    libraries = [options.jars, *map(str, library())] if "hdf5-write" in only else [options.jars]
    if jars := ",".join(filter(None, libraries)):
        settings["spark.jars"] = jars
    spark = spark_arrays.session("bench", master=f"local[{CORES}]", conf=settings)
    spark.sparkContext.setLogLevel("ERROR")
    size = count * frames.FRAME_BYTES
    print(f"{count} frames, {size / 2**20:.0f} MiB, {options.runs} runs after a warm-up")
    tables = run(Jobs(spark, out, count), only, options.runs)
    print("\n" + "\n".join(tables))
    spark.stop()
    shutil.rmtree(out)


if __name__ == "__main__":
    main()
