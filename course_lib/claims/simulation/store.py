"""A folder of simulated claims: Parquet in parts, each whole or absent, so that work can be taken up again.

``FOLDER/claims/part-00000.parquet`` and the same for members, lines and truth; one part a
chunk. ``simulation.json`` says what they are. A part counts as done when its claims are
there, and those are written last.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from course_lib import datasets, documents
from course_lib.claims.simulation import frames, model, parameters, plan
from course_lib.documents import Document
from course_lib.errors import CourseError
from course_lib.files import atomic_write

if TYPE_CHECKING:
    import pandas as pd

NOTE = "simulation.json"
EXPECTED = Document("crosswalk-simulation", 1)
_NEEDS = "Install it: pip install 'crosswalk-course[big]'."


@dataclass(frozen=True)
class Note(Document):
    """What a folder holds: seed and parameters (their SHA-256) of its claims, and how many were asked for."""

    seed: int
    parameters: str
    chunk: int
    claims: int
    about: str = "Synthetic claims of the Crosswalk course. No real person, practice or payer."


def write(folder: Path, n: int, seed: int | None = None) -> Iterator[int]:
    """Write `n` claims below `folder` part by part; yield how many claims each finished part has.

    Parts that are there already are kept, so the same call goes on where one was broken off,
    and a call with a larger `n` adds to it. Memory does not grow with `n`.

    Raises
    ------
    CourseError
        When the folder holds something else, or pyarrow is not installed.
    """
    _pyarrow()
    note = Note(EXPECTED.format, EXPECTED.version, plan.seed(seed), _digest(), frames.CHUNK, n)
    wanted = list(plan.chunks(n))
    _begin(folder, note)
    ready = model.build()
    for number, rows in wanted:
        if _rows(_part(folder, "claims", number)) != rows:
            tables = frames.chunk(ready, note.seed, number, rows)
            for name in ("members", "lines", "truth", "claims"):
                _write_part(_part(folder, name, number), getattr(tables, name))
        yield rows


def write_csv(folder: Path, n: int, seed: int | None = None) -> Iterator[int]:
    """Write `n` claims as one CSV a table below `folder`; yield how many claims each chunk has.

    The files replace older ones when the last chunk is in them.
    """
    parts: dict[str, list[str]] = {name: [] for name in frames.NAMES}
    ready = model.build()
    for number, rows in plan.chunks(n):
        tables = frames.chunk(ready, plan.seed(seed), number, rows)
        for name, texts in parts.items():
            header, _, body = frames.csv_text(getattr(tables, name)).partition("\n")
            texts += [body] if texts else [f"{header}\n", body]
        yield rows
    for name, texts in parts.items():
        with atomic_write(folder / f"{name}.csv") as out:
            out.writelines(texts)


def read(folder: Path) -> frames.Tables:
    """Return the tables of a folder as Dask frames; see `course_lib.claims.read_simulated`."""
    try:
        import dask
        import dask.dataframe as dd
    except ImportError:
        raise CourseError("the package dask is not installed.", remedy=_NEEDS) from None
    _note(folder)
    found = {name: sorted((folder / name).glob("part-*.parquet")) for name in frames.NAMES}
    if not all(found.values()):
        raise CourseError(
            "this folder holds no whole part yet.", remedy="Run `course claims simulate` again.", path=folder
        )
    done = len(found["claims"])  # a part whose claims are not there yet is not read
    with dask.config.set({"dataframe.convert-string": False}):  # the same kinds of column as in pandas
        tables = [dd.read_parquet([str(p) for p in found[name][:done]]) for name in frames.NAMES]
    return frames.Tables(*tables)


def _begin(folder: Path, note: Note) -> None:
    """Claim an empty folder, or check that what is there goes on with `note`."""
    if (folder / NOTE).is_file():
        before = _note(folder)
        same = (before.seed, before.parameters, before.chunk) == (note.seed, note.parameters, note.chunk)
        if not same or before.claims > note.claims:
            raise CourseError(
                f"this folder has {before.claims:,} claims of seed {before.seed}"
                f"{'' if same else ', of other parameters or another seed'}.",
                remedy="Choose another folder, or remove this one first.",
                path=folder,
            )
    elif folder.exists() and any(folder.iterdir()):
        raise CourseError(
            "this folder holds something else.", remedy="Choose an empty or a new folder.", path=folder
        )
    with atomic_write(folder / NOTE, "wb") as out:
        out.write(documents.encode(note))


def _note(folder: Path) -> Note:
    file = folder / NOTE
    try:
        return documents.decode(file.read_bytes(), Note, EXPECTED, file)
    except (OSError, documents.DamagedError):
        raise CourseError(
            "there is no simulation here.",
            remedy="Make one: course claims simulate -n 100_000 --out FOLDER",
            path=folder,
        ) from None


def _digest() -> str:
    return hashlib.sha256(datasets.path(parameters.FILE).read_bytes()).hexdigest()


def _part(folder: Path, name: str, number: int) -> Path:
    return folder / name / f"part-{number:05d}.parquet"


def _rows(part: Path) -> int | None:
    """Return how many rows a part has, None when it is not there or not whole."""
    pyarrow = _pyarrow()
    try:
        rows: int = pyarrow.parquet.read_metadata(part).num_rows
    except (OSError, pyarrow.ArrowInvalid):
        return None
    return rows


def _write_part(part: Path, frame: "pd.DataFrame") -> None:
    with atomic_write(part, "wb") as out:
        frame.to_parquet(out, index=False, compression="zstd")


def _pyarrow() -> Any:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise CourseError("the package pyarrow is not installed.", remedy=_NEEDS) from None
    return pyarrow
