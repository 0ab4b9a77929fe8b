"""LiberTEM as a peer: one process that does what it is told by lines of JSON, and times itself.

Runs in LiberTEM's own environment: `.venv-libertem/bin/python bench/libertem_peer.py EXECUTOR`.
A line `{"do": "write", "source": …, "target": …}` copies a data set through the write handle;
`sums` and `total` reduce `source`, and leave the result as `target`, an .npy file.
"""

import json
import os
import sys
import time
import warnings
from pathlib import Path

import numpy as np
from libertem.api import Context
from libertem.io.dataset.base import PartitionStructure
from libertem.io.dataset.cluster import ClusterDataSet
from libertem.udf.sum import SumUDF
from libertem.udf.sumsigudf import SumSigUDF

warnings.simplefilter("ignore")


def opened(context: Context, path: str, structure: PartitionStructure) -> ClusterDataSet:
    """Open a data set as LiberTEM does; it makes one where there is none."""
    return ClusterDataSet(path=path, structure=structure).initialize(context.executor)


def copy(read: ClusterDataSet, write: ClusterDataSet) -> float:
    """Copy every partition, tile by tile; give the seconds that the handles took."""
    tiles = [
        (partition.get_macrotile(dest_dtype=read.dtype), into)
        for partition, into in zip(read.get_partitions(), write.get_partitions(), strict=True)
    ]
    begin = time.perf_counter()
    for tile, partition in tiles:
        with partition.get_write_handle() as handle:
            for _ in handle.write_tiles([tile]):
                pass
    return time.perf_counter() - begin


def main(executor: str) -> None:
    """Do what is asked until the input ends."""
    # What LiberTEM itself prints must not come between the answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    # Of these only dask takes a number of GPUs.
    resources = {"inline": {}, "threads": {"cpus": 2}, "dask": {"cpus": 2, "gpus": 0}}[executor]
    context = Context.make_with(executor, **resources)
    with context:
        for line in sys.stdin:
            job = json.loads(line)
            sidecar = json.loads(Path(job["source"], "structure.json").read_text())
            structure = PartitionStructure.from_json(sidecar)
            read = opened(context, job["source"], structure)
            if job["do"] == "write":
                seconds = copy(read, opened(context, job["target"], structure))
            else:
                udf = SumSigUDF() if job["do"] == "sums" else SumUDF()
                begin = time.perf_counter()
                result = context.run_udf(dataset=read, udf=udf)["intensity"].data
                seconds = time.perf_counter() - begin
                np.save(job["target"], np.asarray(result).ravel())
            print(json.dumps({"seconds": seconds}), file=answers, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
