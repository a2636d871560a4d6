"""Editions of ICD-10-CM: which ones are here, and on which days each is in force."""

import importlib.machinery
import json
import re
import sys
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from course_lib.errors import CourseError
from course_lib.files import data_dir

SCHEMA = 7
"""Version of the SQLite layout; a cached file of another version is rebuilt."""
# What decides the content of the file beside its sources: a newer course rebuilds it.
_MAKERS = [f"{m}.py" for m in ("build", "listing", "notes", "ranking", "search", "tabular", "tree", "words")]

_MONTHS = {"january": 1, "april": 4, "july": 7, "october": 10}
RECORD = "edition.json"


@dataclass(frozen=True, slots=True)
class Edition:
    """One release of the code set.

    Attributes
    ----------
    id : str
        Its first day in force, ``"2026-04-01"``.
    release : str
        Its name in words, ``"FY2026, April 2026 release"``.
    start, end : date
        First and last day of service for which it is the code set.
    tabular, codes : Path
        The official XML, and the list of codes that exist (None: no list).
    has_notes : bool
        False when it was made from an order file, which has codes and titles only.
    """

    id: str
    release: str
    start: date
    end: date
    tabular: Path
    codes: Path | None = None
    has_notes: bool = True

    def digest(self) -> str:
        """Return the SHA-256 of the source files and of the code that reads them."""
        import hashlib  # 3 ms that a look-up need not pay

        total = hashlib.sha256()
        for path in self._sources():
            total.update(path.read_bytes())
        return total.hexdigest()

    def stamp(self) -> str:
        """Return sizes and times of the source files: what changes when they do."""
        return " ".join(f"{s.st_size}:{s.st_mtime_ns}" for s in (p.stat() for p in self._sources()))

    def _sources(self) -> list[Path]:
        listed = [self.codes] if self.codes else []
        return [self.tabular, *listed, *(Path(__file__).with_name(m) for m in _MAKERS)]


def installed() -> list[Edition]:
    """Return the editions that can be loaded, oldest first.

    One is in force until the day before the next one, or to the end of its fiscal year.

    Raises
    ------
    CourseError
        When there is none.
    """
    found = {e.id: e for e in [*packaged(), *added()]}
    if not found:
        raise CourseError(
            "the ICD-10-CM source file was not found.",
            remedy="Install it with `pip install simple-icd-10-cm==1.5.0`, or run `make setup`.",
        )
    ordered = [found[key] for key in sorted(found)]
    starts = [e.start for e in ordered[1:]] + [date.max]
    return [
        replace(e, end=min(e.end, following - timedelta(days=1)))
        for e, following in zip(ordered, starts, strict=True)
    ]


def packaged() -> list[Edition]:
    """Return the edition that ``simple-icd-10-cm`` carries, found without importing it."""
    spec = importlib.machinery.PathFinder.find_spec("simple_icd_10_cm", sys.path)
    folders = list(spec.submodule_search_locations or ()) if spec else []
    editions = []
    for tabular in (p for f in folders for p in sorted(Path(f, "data").glob("icd10c*tabular*.xml"))):
        start, end, release = release_of(tabular.name)
        lists = sorted(tabular.parent.glob("code-list-*.txt"))
        editions.append(
            Edition(start.isoformat(), release, start, end, tabular, lists[-1] if lists else None)
        )
    return editions


def added_dir() -> Path:
    """Return the folder that keeps the official files of editions the user added."""
    return data_dir() / "icd10cm"


def added() -> list[Edition]:
    """Return the editions that ``course codes update`` added.

    Raises
    ------
    CourseError
        When the record of one is damaged.
    """
    return [read_record(path) for path in sorted(added_dir().glob(f"*/{RECORD}"))]


def read_record(path: Path) -> Edition:
    """Read what `write_record` wrote."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        start, end = date.fromisoformat(record["start"]), date.fromisoformat(record["end"])
        tabular = path.with_name("tabular.xml")
        codes = path.with_name("codes.txt")
        if not tabular.is_file():
            raise FileNotFoundError(tabular)
        return Edition(
            start.isoformat(), str(record["release"]), start, end, tabular,
            codes if codes.is_file() else None, record["has_notes"] is True,
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError) as why:
        raise CourseError(
            f"the record of an added edition is damaged ({why}).",
            remedy=f"Delete the folder {path.parent} and add the edition again with `course codes update`.",
            path=path,
        ) from None


def write_record(edition: Edition, path: Path) -> None:
    """Write the record of an added edition to `path`."""
    record = {
        "release": edition.release,
        "start": edition.start.isoformat(),
        "end": edition.end.isoformat(),
        "has_notes": edition.has_notes,
    }
    path.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def release_of(name: str) -> tuple[date, date, str]:
    """Return first day, last day and label of a release from the name of its file.

    ``icd10cm-tabular-April-1-2026.xml`` names a month; ``icd10cm_tabular_2027.xml``
    names a fiscal year, which runs from 1 October of the year before to 30 September.

    Raises
    ------
    CourseError
        When the name has no year.
    """
    if found := re.search(r"(january|april|july|october)[-_ ]+(?:0?1[-_ ]+)?(20\d\d)", name, re.I):
        start = date(int(found[2]), _MONTHS[found[1].lower()], 1)
    elif found := re.search(r"(?<!\d)(20\d\d)(?!\d)", name):
        start = date(int(found[1]) - 1, 10, 1)
    else:
        raise CourseError(
            f"the name {name!r} does not say which release it is.",
            remedy="Say the first day in force with --from, for example --from 2026-10-01.",
        )
    return start, end_of_fiscal_year(start), label(start)


def fiscal_year(day: date) -> int:
    """Return the fiscal year of `day`: October 2026 belongs to 2027."""
    return day.year + (day.month >= 10)


def end_of_fiscal_year(day: date) -> date:
    """Return the 30 September that ends the fiscal year of `day`."""
    return date(fiscal_year(day), 9, 30)


def label(start: date) -> str:
    """Return the name of the release that starts on `start`, in words."""
    return f"FY{fiscal_year(start)}, {start:%B %Y} release"
