"""Copies a ClusterDataSet through LiberTEM's write handle, and prints the seconds that it took.

Runs in LiberTEM's own environment: `.venv-libertem/bin/python bench/libertem_write.py FROM TO`.
"""

import json
import sys
import time
import warnings
from pathlib import Path

from libertem.api import Context
from libertem.executor.inline import InlineJobExecutor
from libertem.io.dataset.base import PartitionStructure
from libertem.io.dataset.cluster import ClusterDataSet

warnings.simplefilter("ignore")


def main(source: str, target: str) -> None:
    """Copy every partition, tile by tile."""
    sidecar = Path(source, "structure.json").read_text()
    structure = PartitionStructure.from_json(json.loads(sidecar))
    with Context(executor=InlineJobExecutor()) as context:
        read = ClusterDataSet(path=source, structure=structure).initialize(context.executor)
        write = ClusterDataSet(path=target, structure=structure).initialize(context.executor)
        tiles = [
            (partition.get_macrotile(dest_dtype=read.dtype), into)
            for partition, into in zip(read.get_partitions(), write.get_partitions(), strict=True)
        ]
        begin = time.perf_counter()
        for tile, partition in tiles:
            with partition.get_write_handle() as handle:
                for _ in handle.write_tiles([tile]):
                    pass
        print(json.dumps({"seconds": time.perf_counter() - begin}))


if __name__ == "__main__":
    main(*sys.argv[1:])
