"""Spaced repetition: which family of drills to practice today.

Every answer is kept as one line of a log; the cards of the ``fsrs`` package are made
from it each time, so a new version of that package reads old logs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from course_lib import documents, files, progress
from course_lib.documents import DamagedError, Document
from course_lib.drills.families import families, named
from course_lib.errors import CourseError

if TYPE_CHECKING:
    import pandas as pd
    from fsrs import Card, Scheduler

FORMAT = "crosswalk-drill-reviews"
VERSION = 1
FILE = "drill-reviews.json"


@dataclass(frozen=True, slots=True)
class Review:
    """One answer: the family, whether it was right, and when (UTC)."""

    family: str
    correct: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """One family's place in the plan.

    Attributes
    ----------
    family, title : str
        Which one.
    state : {"due", "new", "later"}
        To practice now, never practiced, or nothing to do yet.
    due : datetime or None
        When its next review is (UTC); None for a new one.
    answered, right : int
        All answers so far.
    recall : float or None
        How likely you are to know it now, from 0 to 1, as fsrs estimates it.
    """

    family: str
    title: str
    state: Literal["due", "new", "later"]
    due: datetime | None
    answered: int
    right: int
    recall: float | None


@dataclass(frozen=True)
class _Log(Document):
    reviews: list[Review]


def log_path() -> Path:
    """Return where the log is kept: beside the progress file."""
    return progress.default_path().with_name(FILE)


def plan(reviews: Iterable[Review], when: datetime) -> list[Due]:
    """Return what to practice at a moment: due families first, then new ones, then the rest.

    Parameters
    ----------
    reviews : iterable of Review
        The log, in any order.
    when : datetime
        With its time zone.

    Raises
    ------
    CourseError
        When `when` has no time zone.
    """
    from fsrs import Scheduler

    moment = _utc(when)
    scheduler = Scheduler(enable_fuzzing=False)
    log = list(reviews)
    cards = _cards(log, scheduler)
    rows = []
    for family in families():
        answers = [r.correct for r in log if r.family == family.id]
        card = cards.get(family.id)
        recall = None if card is None else round(scheduler.get_card_retrievability(card, moment), 3)
        state: Literal["due", "new", "later"] = (
            "new" if card is None else "due" if card.due <= moment else "later"
        )
        rows.append(
            Due(
                family.id, family.title, state, card.due if card else None, len(answers), sum(answers), recall
            )
        )
    ranks = {"due": 0, "new": 1, "later": 2}
    return sorted(rows, key=lambda row: (ranks[row.state], row.due.timestamp() if row.due else 0.0))


def _cards(log: list[Review], scheduler: "Scheduler") -> dict[str, "Card"]:
    """Return the card of every family answered so far, by playing the log through the scheduler."""
    from fsrs import Card, Rating

    cards: dict[str, Card] = {}
    for review in sorted(log, key=lambda r: r.at):
        card = cards.get(review.family) or Card(card_id=1, due=review.at)
        rating = Rating.Good if review.correct else Rating.Again
        cards[review.family], _ = scheduler.review_card(card, rating, review_datetime=review.at)
    return cards


def due(when: datetime | None = None) -> "pd.DataFrame":
    """Return what to review today, one row a family; due ones first.

    Parameters
    ----------
    when : datetime, optional
        With its time zone; default: now.

    Returns
    -------
    DataFrame
        Columns ``family, title, state, due, answered, right, recall`` (see `Due`).
    """
    import pandas as pd

    rows = plan(reviews(), when or datetime.now(UTC))
    columns = ["family", "title", "state", "due", "answered", "right", "recall"]
    frame = pd.DataFrame([[getattr(row, name) for name in columns] for row in rows], columns=columns)
    frame["due"] = [row.due.strftime("%Y-%m-%d %H:%M") if row.due else "" for row in rows]
    return frame


def record(family: str, correct: bool, when: datetime | None = None) -> None:
    """Keep one answer in the log.

    Parameters
    ----------
    family : str
        See `families`.
    correct : bool
        Whether it was right.
    when : datetime, optional
        With its time zone; default: now.

    Raises
    ------
    CourseError
        When there is no such family, `when` has no time zone, or the log cannot be written.
    """
    review = Review(named(family).id, correct, _utc(when or datetime.now(UTC)))
    path = log_path()
    with progress.lock(path):
        _write(path, [*_read_or_put_aside(path), review])


def reviews() -> list[Review]:
    """Return the log; a damaged file is put aside, with a warning, and an empty log is begun.

    Raises
    ------
    CourseError
        When a newer version of the course wrote the file.
    """
    path = log_path()
    try:
        return _read(path)
    except DamagedError:
        with progress.lock(path):
            return _read_or_put_aside(path)


def _read_or_put_aside(path: Path) -> list[Review]:
    try:
        return _read(path)
    except DamagedError:
        progress.put_aside(path)
        return []


def _read(path: Path) -> list[Review]:
    try:
        raw = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return []
    log = documents.decode(raw, _Log, Document(FORMAT, VERSION), path).reviews
    if any(review.at.tzinfo is None for review in log):
        raise DamagedError("a time without a time zone")
    return log


def _write(path: Path, log: list[Review]) -> None:
    with files.atomic_write(path, "wb") as out:
        out.write(documents.encode(_Log(FORMAT, VERSION, log)))


def _utc(when: datetime) -> datetime:
    if when.tzinfo is None:
        raise CourseError(
            f"{when.isoformat()} has no time zone.", remedy="Give one: datetime.now(timezone.utc)."
        )
    return when.astimezone(UTC)
