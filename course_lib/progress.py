"""A learner's progress: one JSON file, written whole, never lost.

The file is ``progress.json`` in the course folder (``COURSE_PROGRESS`` names another
one). It holds answers and times, and nothing about the person. Two notebooks may
write at once: each write reads the file again under a lock and keeps the newest
answer of every question.
"""

import os
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeAlias

from course_lib import documents, files
from course_lib.documents import DamagedError, Document
from course_lib.errors import CourseError

if TYPE_CHECKING:
    import pandas as pd

FORMAT = "crosswalk-progress"
VERSION = 1
LOCK_SECONDS = 5.0
CARRIED = "my_progress.json"  # goes from machine to machine in a learner's hands

# Option numbers today; a text or a number for kinds of question that take one.
StoredAnswer: TypeAlias = list[int] | str | float


@dataclass(frozen=True)
class Item:
    """The newest answer to one question.

    Attributes
    ----------
    answer : list of int, str or float
        As the question's kind wants it.
    correct : bool
        True when it earned the full point.
    at : datetime
        When, with its time zone; we write UTC.
    tries : int
        How often the question was answered.
    """

    answer: StoredAnswer
    correct: bool
    at: datetime
    tries: int = 1


Items: TypeAlias = dict[str, dict[str, Item]]


@dataclass(frozen=True)
class _File(Document):
    quizzes: Items


def default_path() -> Path:
    """Return ``COURSE_PROGRESS``, or ``progress.json`` in the course folder."""
    if env := os.environ.get("COURSE_PROGRESS"):
        return Path(env)
    return (files.course_root() or Path.cwd()) / "progress.json"


def _warn(message: str) -> None:
    warnings.warn(message, stacklevel=2)


def open(path: Path | str | None = None, *, tell: Callable[[str], None] = _warn) -> "Progress":
    """Open a progress file; a missing one is an empty one.

    Parameters
    ----------
    path : Path or str, optional
        Default: see `default_path`.
    tell : callable, optional
        Gets one sentence when answers cannot be read or saved. Default: a warning.
        Nothing is raised: a learner can always go on.
    """
    return Progress(Path(path) if path else default_path(), tell=tell)


def summary() -> "pd.DataFrame":
    """Return the learner's progress by quiz; see `Progress.summary`."""
    return open().summary()


def carry(path: Path | str | None = None) -> str:
    """Take answers along to another machine: read them from a file when it is there, then write all to it.

    Reading comes first. So a learner who uploads the file and runs a page from top to bottom
    loses nothing: the file keeps its answers, and gets the newer ones.

    Parameters
    ----------
    path : Path or str, optional
        Default: ``my_progress.json`` beside the progress file.

    Returns
    -------
    str
        What was done, for the learner.

    Raises
    ------
    CourseError
        As `Progress.import_from` and `Progress.export_to`; the file is left as it is.
    """
    file = Path(path) if path else default_path().with_name(CARRIED)
    kept = open()
    taken = kept.import_from(file) if file.exists() else 0
    kept.export_to(file)
    count = sum(len(items) for items in kept._items.values())
    return f"Answers taken from {file.name}: {taken}. Answers written to it: {count}."


def remind() -> None:
    """Say on Binder, and nowhere else, that answers go away with the machine that it lends."""
    if any(name.startswith("BINDER_") for name in os.environ):
        print(
            "You are on Binder. It takes this machine away when you leave it alone for some minutes. "
            'Before you go, save your answers: see "Take your answers along", further down this page.'
        )


class Progress:
    """Answers kept in one file.

    Made by `open`. Reading makes no file; the first `record` does.

    Attributes
    ----------
    path : Path
        The file.
    """

    def __init__(self, path: Path, *, tell: Callable[[str], None] = _warn) -> None:
        self.path = path
        self._say = tell
        self._told: set[str] = set()
        self._keeps = True  # False: the file is not ours to replace
        self._items: Items = {}
        self._items = self._read()

    def get(self, quiz_id: str, question_id: str) -> Item | None:
        """Return the newest answer to a question, or None."""
        return self._items.get(quiz_id, {}).get(question_id)

    def record(self, quiz_id: str, question_id: str, answer: StoredAnswer, correct: bool) -> None:
        """Keep an answer, in memory and in the file."""

        def add() -> None:
            before = self.get(quiz_id, question_id)
            self._items.setdefault(quiz_id, {})[question_id] = Item(
                answer, correct, _after(before.at if before else None), (before.tries if before else 0) + 1
            )

        self._change(add)

    def summary(self) -> "pd.DataFrame":
        """Return one row a quiz: ``quiz, answered, right, tries, last_answered`` (UTC)."""
        import pandas as pd

        columns = ["quiz", "answered", "right", "tries", "last_answered"]
        rows = [
            (
                quiz_id,
                len(items),
                sum(item.correct for item in items.values()),
                sum(item.tries for item in items.values()),
                max(item.at for item in items.values()).strftime("%Y-%m-%d %H:%M"),
            )
            for quiz_id, items in sorted(self._items.items())
            if items
        ]
        return pd.DataFrame(rows, columns=columns)

    def export_to(self, path: Path | str) -> Path:
        """Write all answers to another file, to carry them to another machine.

        Raises
        ------
        CourseError
            When the file cannot be written.
        """
        self._write(Path(path))
        return Path(path)

    def import_from(self, path: Path | str) -> int:
        """Take over answers from an exported file; the newest of each question wins.

        Returns
        -------
        int
            How many answers were new or newer.

        Raises
        ------
        CourseError
            When the file is no progress file or comes from a newer course.
        """
        source = Path(path)
        try:
            theirs = _decode(source.read_bytes(), source)
        except OSError as why:
            raise CourseError(f"cannot be read ({why.strerror}).", path=source) from None
        except DamagedError as why:
            raise CourseError(
                f"this is no progress file ({why}).",
                remedy="Choose a file that was exported here.",
                path=source,
            ) from None
        taken = 0

        def take() -> None:
            nonlocal taken
            taken = _merge(self._items, theirs)

        self._change(take)
        return taken

    def _change(self, edit: Callable[[], None]) -> None:
        """Apply `edit` to the newest state and save it; on trouble keep it in memory and say so."""
        if not self._keeps:
            edit()
            return
        edited = False
        try:
            with lock(self.path):
                _merge(self._items, self._read(locked=True))
                edit()
                edited = True
                if self._keeps:
                    self._write(self.path)
        except (OSError, CourseError) as why:
            if not edited:
                edit()
            reason = why.message if isinstance(why, CourseError) else f"{why.strerror or why}."
            self._tell(f"Your answers work but are not saved to {self.path}: {reason}")

    def _read(self, *, locked: bool = False) -> Items:
        """Return the file's answers; put a damaged file aside; leave a newer one alone."""
        try:
            return _decode(self.path.read_bytes(), self.path)
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except DamagedError:
            return self._put_aside(locked=locked)
        except CourseError as why:
            self._keeps = False
            self._tell(f"{why} Until then your answers are not saved.")
        except OSError as why:
            self._keeps = False
            self._tell(f"{self.path} cannot be read ({why.strerror}), so your answers are not saved.")
        return {}

    def _put_aside(self, *, locked: bool) -> Items:
        if not locked:
            try:
                with lock(self.path):
                    return self._read(locked=True)  # another notebook may have begun a new one meanwhile
            except (OSError, CourseError):
                self._keeps = False
                self._tell(
                    f"{self.path} is damaged and cannot be moved aside, so your answers are not saved."
                )
                return {}
        put_aside(self.path, tell=self._tell)
        return {}

    def _write(self, path: Path) -> None:
        with files.atomic_write(path, "wb") as out:
            out.write(documents.encode(_File(FORMAT, VERSION, self._items)))

    def _tell(self, message: str) -> None:
        if message not in self._told:
            self._told.add(message)
            self._say(message)


def _decode(raw: bytes, path: Path) -> Items:
    """Return the answers in a file's bytes; `DamagedError`, or `CourseError` for a newer version."""
    quizzes = documents.decode(raw, _File, Document(FORMAT, VERSION), path).quizzes
    if any(item.at.tzinfo is None for items in quizzes.values() for item in items.values()):
        raise DamagedError("a time without a time zone")
    return quizzes


def _merge(mine: Items, theirs: Items) -> int:
    """Take every answer of `theirs` that `mine` has not, or has older; return how many."""
    taken = 0
    for quiz_id, items in theirs.items():
        for question_id, item in items.items():
            own = mine.setdefault(quiz_id, {})
            if question_id not in own or _age(own[question_id]) < _age(item):
                own[question_id] = item
                taken += 1
    return taken


def _age(item: Item) -> tuple[datetime, str]:
    # The second part makes the choice between two answers of one instant the same everywhere.
    return item.at, repr(item)


def _after(before: datetime | None) -> datetime:
    """Return now, or an instant after `before` when the clock was set back."""
    now = datetime.now(UTC)
    return now if before is None or before < now else before + timedelta(microseconds=1)


def put_aside(path: Path, *, tell: Callable[[str], None] = _warn) -> None:
    """Keep a damaged file under another name, and say so; hold its `lock` meanwhile."""
    aside = _free_name(path)
    path.replace(aside)
    tell(f"{path.name} was damaged: it is kept as {aside.name}, and a new one is begun.")


def _free_name(path: Path) -> Path:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    name, count = path.with_name(f"{path.name}.damaged-{stamp}"), 1
    while name.exists():
        count += 1
        name = path.with_name(f"{path.name}.damaged-{stamp}-{count}")
    return name


@contextmanager
def lock(path: Path) -> Iterator[None]:
    """Hold the file's lock; the system frees it when the process ends, however it ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(f"{path.name}.lock").open("a+b") as handle:
        deadline = time.monotonic() + LOCK_SECONDS
        while not _try_lock(handle):
            if time.monotonic() > deadline:
                raise CourseError("another notebook has held the file for too long.")
            time.sleep(0.02)
        yield  # closing the handle frees the lock


if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: IO[bytes]) -> bool:
        handle.seek(0)
        try:
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

elif sys.platform == "emscripten":

    def _try_lock(handle: IO[bytes]) -> bool:
        return True  # Python in a browser: one program at a time, and no locks

else:
    import fcntl

    def _try_lock(handle: IO[bytes]) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True  # a file system without locks: saving without one beats not saving
        return True
