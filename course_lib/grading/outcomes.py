"""What became of each submission, and the log in which it is kept line by line."""

import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from course_lib.errors import CourseError
from course_lib.grading.course import Course
from course_lib.grading.incidents import Incident


@dataclass(frozen=True)
class Outcome:
    """One student's result: ``graded``, ``unchanged`` or ``fault``.

    Attributes
    ----------
    fault : str
        Why there is no grade, or ``""``.
    seconds, cells, cpu : float
        Wall time of the submission, of its cells alone, and processor time of its kernels.
    peak_mb : int
        Largest memory of a kernel.
    incidents : tuple of Incident
        What a teacher should know.
    """

    student: str
    status: str
    fault: str = ""
    seconds: float = 0.0
    cells: float = 0.0
    cpu: float = 0.0
    peak_mb: int = 0
    incidents: tuple[Incident, ...] = ()


@dataclass(frozen=True)
class Graded:
    """What a run gave.

    Attributes
    ----------
    outcomes : list of Outcome
        In the order in which they came.
    layers : list of str
        What contained the kernels; empty: nothing.
    notes : list of str
        What is not as wished, for the user.
    """

    outcomes: list[Outcome]
    layers: list[str]
    notes: list[str]

    def __iter__(self) -> Iterator[Outcome]:
        return iter(self.outcomes)

    def of(self, status: str) -> list[Outcome]:
        """Return the outcomes ``graded``, ``unchanged`` or ``fault``."""
        return [outcome for outcome in self.outcomes if outcome.status == status]


@dataclass(frozen=True)
class Begun:
    """The last run of an assignment: what it was asked for, and what it has done.

    Attributes
    ----------
    asked : dict
        ``students``, ``again`` and ``profile``.
    done : dict of str to Outcome
    ended : bool
        Whether it came to its end.
    """

    asked: dict[str, Any]
    done: dict[str, Outcome]
    ended: bool


class Log:
    """The log of an assignment's runs: a line of JSON for each event, written at once."""

    def __init__(self, course: Course, assignment: str) -> None:
        self.path = course.reports / f"{assignment}.grading.jsonl"
        self._whole = False

    def begin(self, **asked: Any) -> None:
        """Enter the start of a run."""
        self._enter("begin", asked)

    def add(self, outcome: Outcome) -> None:
        """Enter one student's outcome."""
        self._enter("outcome", asdict(outcome))

    def end(self) -> None:
        """Enter the end of a run."""
        self._enter("end", {})

    def last(self) -> Begun | None:
        """Return the last run, or None when there was none."""
        begun: Begun | None = None
        for event, data in self._events():
            if event == "begin":
                begun = Begun(data, {}, ended=False)
            elif begun and event == "outcome":
                begun.done[data["student"]] = _outcome(data)
            elif begun and event == "end":
                begun = Begun(begun.asked, begun.done, ended=True)
        return begun

    def outcomes(self) -> dict[str, Outcome]:
        """Return the last outcome of each student; an unchanged one keeps the earlier outcome."""
        known: dict[str, Outcome] = {}
        for event, data in self._events():
            if event == "outcome" and (data["status"] != "unchanged" or data["student"] not in known):
                known[data["student"]] = _outcome(data)
        return known

    def _events(self) -> list[tuple[str, dict[str, Any]]]:
        if not self.path.is_file():
            return []
        lines = self.path.read_text(encoding="utf-8").splitlines(keepends=True)
        try:
            rows = [json.loads(line) for line in lines if line.endswith("\n") and line.strip()]
            events = [(row["event"], row) for row in rows]
            for event, row in events:
                if event == "outcome":
                    _outcome(row)
        except (ValueError, TypeError, KeyError) as why:
            raise CourseError(
                "this record of the last grading is damaged.",
                remedy="Delete it and run `course grade` again.",
                path=self.path,
            ) from why
        return events

    def _enter(self, event: str, data: dict[str, Any]) -> None:
        row = {"event": event, "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), **data}
        self._write(json.dumps(row, ensure_ascii=False) + "\n")

    def _write(self, text: str) -> None:
        if not self._whole:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            held = self.path.read_bytes() if self.path.exists() else b""
            if not held.endswith(b"\n") and held:  # a run was killed while it wrote its last line
                os.truncate(self.path, held.rfind(b"\n") + 1)
            self._whole = True
        with self.path.open("a", encoding="utf-8") as out:
            out.write(text)


def _outcome(row: dict[str, Any]) -> Outcome:
    values = {key: value for key, value in row.items() if key not in ("event", "at")}
    incidents = tuple(Incident(**one) for one in values.pop("incidents", ()))
    return Outcome(**values, incidents=incidents)
