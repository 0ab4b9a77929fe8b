"""Print the path of the bundled jar: ``spark-submit --jars "$(python -m spark_arrays)" job.py``."""

from __future__ import annotations

import sys

from spark_arrays._jar import find_jar
from spark_arrays.errors import SparkArraysError

if __name__ == "__main__":
    try:
        print(find_jar())
    except SparkArraysError as error:
        sys.exit(str(error))
