"""Bring submissions into ``submitted/``, and never lose an earlier attempt."""

import re
import shutil
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from course_lib.errors import CourseError
from course_lib.files import atomic_write
from course_lib.grading.course import Course, is_student_id
from course_lib.grading.submission import MAX_BYTES, SubmissionError

TIMESTAMP = "timestamp.txt"
SECRET = "submission_secret.txt"  # noqa: S105 - the name of a file
_FORMAT = "%Y-%m-%d %H:%M:%S UTC"
# A folder of nbgrader's exchange: student+assignment+time, with a random ending when it asks for one.
_EXCHANGE = re.compile(
    r"(?P<student>[^+]+)\+(?P<assignment>[^+]+)\+(?P<time>[\d-]{10} [\d:.]{8,15} \w+)(\+.*)?"
)


@dataclass(frozen=True)
class Collected:
    """What became of one student's hand-in: ``new``, ``newer``, ``same``, ``older`` or ``fault``."""

    student: str
    status: str
    at: datetime | None = None
    fault: str = ""


@dataclass(frozen=True)
class _HandIn:
    student: str
    place: Path
    at: datetime | None  # None: the time of the file itself


def collect(course: Course, assignment: str, source: Path | None = None) -> list[Collected]:
    """Copy the notebooks of an assignment from a folder into ``submitted/``.

    Parameters
    ----------
    course : Course
        Where to.
    assignment : str
        The assignment's folder name.
    source : Path, optional
        A drop folder with a folder, a notebook or a zip file for each student, or the inbound
        folder of nbgrader's exchange. The default is the exchange named in ``nbgrader_config.py``.

    Returns
    -------
    list of Collected
        One for each hand-in, by student and time. The time is that of ``timestamp.txt``
        beside the notebook, or of the exchange, or of the file.

    Raises
    ------
    CourseError
        When the folder does not exist.
    """
    folder = source or course.inbound
    if not folder.is_dir():
        raise CourseError(
            "there is no such folder to collect from.",
            remedy="Name the folder that holds a folder, notebook or zip for each student: --from DIR.",
            path=folder,
        )
    return [_take(course, assignment, hand_in) for hand_in in _hand_ins(folder, assignment)]


def read_time(folder: Path) -> datetime | None:
    """Return the time in a folder's ``timestamp.txt`` (UTC), or None without one."""
    path = folder / TIMESTAMP
    if path.is_symlink() or not path.is_file():
        return None
    return parse_time(path.read_text(encoding="utf-8", errors="replace").strip())


def parse_time(text: str) -> datetime | None:
    """Read a time such as ``2026-11-20 17:00:00 UTC``; a time without a zone is UTC."""
    try:
        time = datetime.fromisoformat(re.sub(r" ?UTC$", "+00:00", text))
    except ValueError:
        return None
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def _hand_ins(folder: Path, assignment: str) -> list[_HandIn]:
    """Return the hand-ins of a folder, earliest first for each student."""
    found = []
    for place in sorted(folder.iterdir()):
        if place.name.startswith("."):
            continue
        if match := _EXCHANGE.fullmatch(place.name):
            if match["assignment"] == assignment:
                found.append(_HandIn(match["student"], place, parse_time(match["time"])))
        else:  # of a file that is neither, its whole name is told when it is refused
            student = place.stem if place.is_file() and place.suffix in (".ipynb", ".zip") else place.name
            found.append(_HandIn(student, place, read_time(place) if place.is_dir() else None))
    return sorted(found, key=lambda h: (h.student, h.at or datetime.min.replace(tzinfo=UTC)))


def _take(course: Course, assignment: str, hand_in: _HandIn) -> Collected:
    student = hand_in.student
    if not is_student_id(student):
        return Collected(student, "fault", fault="this folder name cannot be a student's id; rename it")
    notebooks = course.notebooks(assignment)
    if hand_in.place.name in notebooks:
        fault = "this file does not say whose it is; put it in a folder with the student's id as its name"
        return Collected(hand_in.place.name, "fault", fault=fault)
    try:
        files = _choose(_offered(hand_in.place, assignment), assignment, notebooks, student)
    except SubmissionError as why:
        return Collected(student, "fault", fault=str(why))
    at = hand_in.at or max(file.at for file in files.values())
    contents = {name: file.content for name, file in files.items()} | _secret(hand_in.place)
    return Collected(student, _store(course, assignment, student, contents, at), at)


def _secret(place: Path) -> dict[str, bytes]:
    """Return the exchange's secret of a hand-in: with it, feedback finds the student who handed in."""
    path = place / SECRET
    if path.is_symlink() or not path.is_file() or path.stat().st_size > 1000:
        return {}
    return {SECRET: path.read_bytes()}


@dataclass(frozen=True)
class _File:
    name: str
    at: datetime
    content: bytes


def _offered(place: Path, assignment: str) -> Iterator[_File]:
    """Return every notebook of a hand-in, from its folder or from zip files in it."""
    paths = [place]
    if place.is_dir():
        paths = [
            p for d in (place, place / assignment) if d.is_dir() and not d.is_symlink() for p in d.iterdir()
        ]
    for path in sorted(paths):
        if path.is_symlink() or not path.is_file() or path.suffix not in (".ipynb", ".zip"):
            continue
        at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        if path.suffix == ".zip":
            yield from _unzip(path, at)
        elif path.stat().st_size > MAX_BYTES:
            raise SubmissionError(f"{path.name} is larger than {MAX_BYTES // 1_000_000} MB")
        else:
            yield _File(path.name, at, path.read_bytes())


def _unzip(path: Path, at: datetime) -> Iterator[_File]:
    """Return the notebooks in a zip file under their bare names, so that no path can climb out."""
    try:
        with zipfile.ZipFile(path) as archive:
            for item in archive.infolist():
                name = PurePosixPath(item.filename).name
                if not name.endswith(".ipynb") or name.startswith(".") or "__MACOSX" in item.filename:
                    continue
                with archive.open(item) as entry:
                    content = entry.read(MAX_BYTES + 1)  # never trust the size that the archive claims
                if len(content) > MAX_BYTES:
                    raise SubmissionError(f"{name} in {path.name} is larger than {MAX_BYTES // 1_000_000} MB")
                yield _File(name, at, content)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error, EOFError) as why:
        raise SubmissionError(f"{path.name} is not a zip file that can be opened ({why})") from None


def _choose(
    offered: Iterable[_File], assignment: str, notebooks: list[str], student: str
) -> dict[str, _File]:
    """Return the newest file for each notebook of the assignment.

    A single notebook may come under a name of its own: ``a01 final.ipynb``, ``jdoe.ipynb``.
    """
    files = list(offered)
    short = assignment.split("_")[0]
    chosen = {}
    for name in notebooks:
        fitting = [f for f in files if f.name == name]
        if not fitting and len(notebooks) == 1:
            fitting = [f for f in files if f.name.lower().startswith(short) or f.name == f"{student}.ipynb"]
        if fitting:
            chosen[name] = max(fitting, key=lambda f: f.at)
    if not chosen:
        there = ", ".join(sorted({f.name for f in files})) or "no notebook"
        raise SubmissionError(f"the notebook {' or '.join(notebooks)} is missing (found: {there})")
    return chosen


def _store(course: Course, assignment: str, student: str, contents: dict[str, bytes], at: datetime) -> str:
    """Lay a hand-in into ``submitted/``, or into ``attempts/`` when a later one is there."""
    current = course.submitted / student / assignment
    status = "new"
    target = current
    if current.is_dir():
        if all(_same(current / name, content) for name, content in contents.items()):
            return "same"
        held = read_time(current) or datetime.fromtimestamp(current.stat().st_mtime, UTC)
        status = "newer" if at >= held else "older"
        if status == "newer":
            _set_aside(current, course.attempts / student / assignment, held)
        else:
            target = course.attempts / student / assignment / _stamp(at)
    for name, content in contents.items():
        with atomic_write(target / name, "wb") as out:
            out.write(content)
    with atomic_write(target / TIMESTAMP) as out:
        out.write(at.strftime(_FORMAT))
    return status


def _set_aside(current: Path, attempts: Path, held: datetime) -> None:
    """Move the present attempt out of the way; a taken name gets a number."""
    attempts.mkdir(parents=True, exist_ok=True)
    names = (f"{_stamp(held)}{suffix}" for suffix in ("", *(f"-{n}" for n in range(2, 1000))))
    shutil.move(current, next(attempts / name for name in names if not (attempts / name).exists()))


def _stamp(time: datetime) -> str:
    return time.strftime("%Y%m%dT%H%M%SZ")


def _same(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content
