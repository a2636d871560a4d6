"""Synthetic claims: how many a second, whether ten times as many cost ten times as much, and memory.

Run it as ``course bench claims``. Each number of claims is written by a fresh process; the
ratios are what counts, and the time of the processor does not depend on who else works.
``COURSE_BENCH_CLAIMS`` sets another largest number. The claims are then read again on Dask
and on pandas by fresh processes, and the edits run on some of them.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from course_lib import claims, icd10cm

if TYPE_CHECKING:
    from rich.console import Console

MOST = int(os.environ.get("COURSE_BENCH_CLAIMS", "1_000_000"))
SCRUBBED = 2_000  # claims on which the edits are timed

WRITE = "from course_lib.claims.simulation import store; from pathlib import Path"
WRITE += "; [None for _ in store.write(Path({folder!r}), {n})]"
DASK = "from course_lib import claims; from course_lib.claims import desk"
DASK += "; desk.denials(claims.read_simulated({folder!r}).claims)"
PANDAS = "import pandas; from course_lib.claims import desk"
PANDAS += "; desk.denials(pandas.read_parquet({folder!r} + '/claims'))"
# The peak of this process alone: getrusage would report that of its parent, if higher.
PEAK = """
import re, time
print(time.process_time())
with open('/proc/self/status') as status:
    print(re.search(r'VmHWM:\\s+(\\d+)', status.read())[1])
"""


def run(console: "Console") -> dict[str, float]:
    """Measure, print a table on `console`, and return the figures by name."""
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        sizes = [MOST // 10, MOST]
        used, peaks = {}, {}
        for n in sizes:
            with console.status(f"Claims: simulating {n:,} ..."):
                seconds, used[n], peaks[n] = timed(WRITE.format(folder=f"{folder}/{n}", n=n))
            figures[f"simulated {n:,}, seconds"] = seconds
            figures[f"simulated {n:,}, processor seconds"] = used[n]
            figures[f"simulated {n:,}, peak MB"] = peaks[n]
        few, many = sizes
        figures["claims simulated a processor second"] = many / used[many]
        figures["processor time of ten times as many, times"] = used[many] / used[few]
        figures["memory of ten times as many, times"] = peaks[many] / peaks[few]
        size = sum(f.stat().st_size for f in Path(folder, str(many)).rglob("*.parquet"))
        figures["bytes a claim on disk"] = size / many
        for name, script in (("Dask", DASK), ("pandas", PANDAS)):
            with console.status(f"Claims: denials of {many:,} on {name} ..."):
                seconds, _, peak = timed(script.format(folder=f"{folder}/{many}"))
            figures[f"denials of {many:,} on {name}, seconds"] = seconds
            figures[f"denials of {many:,} on {name}, peak MB"] = peak
    with console.status("Claims: edits ..."):
        figures |= scrubbed() if hasattr(claims, "scrub") else {}
    show(console, figures)
    return figures


def timed(script: str) -> tuple[float, float, float]:
    """Return seconds, seconds of the processor, and peak megabytes of a fresh process that runs a script."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script + PEAK], check=True, capture_output=True, text=True
    )
    used, peak = done.stdout.split()
    return time.perf_counter() - start, float(used), int(peak) / 1024


def scrubbed() -> dict[str, float]:
    """Return how many claims a second pass through all edits."""
    some = claims.as_claims(claims.sample())[:SCRUBBED]
    book = icd10cm.load()
    claims.scrub(some[0], book=book)  # load the tables
    start = time.perf_counter()
    found = [claims.scrub(claim, book=book) for claim in some]
    seconds = time.perf_counter() - start
    assert any(found)
    return {"claims scrubbed a second": len(some) / seconds}


def show(console: "Console", figures: dict[str, Any]) -> None:
    from rich.table import Table

    targets = {
        "processor time of ten times as many, times": "11 or less",
        "memory of ten times as many, times": "1.1 or less",
    }
    table = Table(title="Synthetic claims", title_justify="left", show_edge=False)
    table.add_column("what")
    table.add_column("measured", justify="right")
    table.add_column("target")
    for name, value in figures.items():
        table.add_row(name, f"{value:,.2f}" if value < 100 else f"{value:,.0f}", targets.get(name, ""))
    console.print(table)
