"""Compares two files with Evidently and writes the page; files_ours.ts does the same. Prints one JSON line."""

import json
import resource
import sys
import time

begun = time.perf_counter()
import pandas as pd
from evidently import Report
from evidently.presets import DataDriftPreset

started = time.perf_counter()
job = json.loads(sys.argv[1])
reference, current = pd.read_parquet(job["reference"]), pd.read_parquet(job["current"])
result = Report([DataDriftPreset()], include_tests=True).run(current, reference)
found = result.dict()
result.save_html(job["out"])
ended = time.perf_counter()
usage = resource.getrusage(resource.RUSAGE_SELF)
answer = {
    "processSeconds": ended - begun,
    "seconds": ended - started,
    "processorSeconds": usage.ru_utime + usage.ru_stime,
    "peak": usage.ru_maxrss * 1024,
    "columns": len(found["metrics"]) - 1,
    "drifted": found["metrics"][0]["value"]["count"],
}
print(json.dumps(answer))
