"""Synthetic claims: many, the same for the same seed, and with the truth about their faults.

>>> from course_lib import claims
>>> claims.sample().claims          # the 5,000 of the course, from CSV
>>> claims.simulate(100_000).claims # as many as you like, in memory
>>> claims.read_simulated("DIR")    # what `course claims simulate` wrote, on Dask

No real person, practice or payer is in them. Every parameter, with its status and
source, is in ``datasets/claims/parameters.yaml``; `parameter_table` shows them.
"""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from course_lib.claims.simulation.frames import NAMES, Tables

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SAMPLE", "Tables", "parameter_table", "read_simulated", "sample", "simulate"]

SAMPLE = 5_000  # claims in the committed sample
_DATES = {
    "members": ["birth_date"],
    "claims": [
        "service_date", "filed_date", "decided_date", "patient_paid_date", "rework_date",
        "rework_decided_date", "written_off_date",
    ],
    "lines": [],
    "truth": [],
}  # fmt: skip
_NUMBERS = {
    "members": {},
    "claims": {
        "age": "int64",
        **dict.fromkeys(
            ["charge", "contractual", "paid", "patient_due", "denied", "patient_paid", "rework_paid",
             "rework_contractual", "written_off"], "float64",
        ),
    },
    "lines": {
        "line": "int64", "units": "int64",
        "charge": "float64", "allowed": "float64", "patient_due": "float64",
    },
    "truth": {"line": "int64"},
}  # fmt: skip


def simulate(n: int = SAMPLE, *, seed: int | None = None) -> Tables:
    """Return `n` synthetic claims with their members, lines and truth, as pandas frames.

    The first claims are the same whatever `n` is. 100,000 claims take some seconds and
    about 100 MB; for more, `course claims simulate` writes a folder and `read_simulated` opens it.

    Parameters
    ----------
    n : int
        How many claims, 1 or more.
    seed : int, optional
        That of the parameter file when left out.

    Raises
    ------
    CourseError
        When `n` is below 1.
    """
    import pandas as pd

    from course_lib.claims.simulation import frames, model, plan

    ready = model.build()
    parts = [frames.chunk(ready, plan.seed(seed), number, rows) for number, rows in plan.chunks(n)]
    return Tables(*(pd.concat([getattr(p, name) for p in parts], ignore_index=True) for name in NAMES))


def sample() -> Tables:
    """Return the committed sample of 5,000 claims, as `simulate` made it."""
    read = _sample()
    return Tables(*(getattr(read, name).copy() for name in NAMES))


@cache
def _sample() -> Tables:
    from course_lib import datasets

    return Tables(*(_csv(datasets.path(f"claims/{name}.csv"), name) for name in NAMES))


def read_simulated(folder: Path | str) -> Tables:
    """Return the tables of a folder that `course claims simulate` wrote, as Dask frames.

    Nothing is loaded before an analysis asks for it, so a million claims need little memory.

    Raises
    ------
    CourseError
        When the folder holds no simulation, or Dask is not installed.
    """
    from course_lib.claims.simulation import store

    return store.read(Path(folder))


def parameter_table() -> "pd.DataFrame":
    """Return every parameter: name, value, status (measured, published, assumed), source, year."""
    from course_lib.claims.simulation.parameters import load

    return load().to_frame()


def _csv(file: Path, name: str) -> "pd.DataFrame":
    import pandas as pd

    header = pd.read_csv(file, nrows=0).columns
    dates, numbers = _DATES[name], _NUMBERS[name]
    texts = [column for column in header if column not in dates and column not in numbers]
    frame = pd.read_csv(
        file, dtype={**dict.fromkeys(texts, "str"), **numbers}, keep_default_na=False, na_values={}
    )
    for column in dates:
        frame[column] = pd.to_datetime(frame[column], format="%Y-%m-%d").astype("datetime64[ms]")
    return frame
