"""Print the paths of the jars: ``spark-submit --jars "$(python -m spark_arrays)" job.py``."""

from __future__ import annotations

import sys

from spark_arrays._jar import find_hdf5_jars, find_jar
from spark_arrays.errors import SparkArraysError

if __name__ == "__main__":
    try:
        print(",".join(map(str, [find_jar(), *find_hdf5_jars()])))
    except SparkArraysError as error:
        sys.exit(str(error))
