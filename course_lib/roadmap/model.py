"""What goes into a plan (`Profile`) and what comes out of it (`Plan`)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal, TypeAlias

from course_lib.errors import CourseError
from course_lib.roadmap.data import Credential, Trust, catalogue

if TYPE_CHECKING:
    import pandas as pd

    from course_lib.plots import Figure

Education: TypeAlias = Literal["certificate", "degree"]
Pace: TypeAlias = Literal["part", "full"]

MAX_HOURS = 80.0  # a week: more is a typing error, not a plan
MAX_YEAR = 2200


@dataclass(frozen=True)
class Profile:
    """Where a learner stands, and what the learner wants.

    Parameters
    ----------
    start : str
        First day of the plan, ``"2027-01-11"``; a ``date`` will do.
    target : str
        Certification: CPC, CCS, CCA, CPB or RHIT.
    hours : float
        Hours a week for study; the plan never uses more.
    budget, monthly : float
        US dollars at the start, and saved in each month after it.
    education : str
        ``"certificate"`` or ``"degree"``.
    pace : str
        ``"part"`` or ``"full"`` time.
    diploma, course, degree : bool
        What you have: high school diploma or GED; a coding course of 80 or more hours; an
        associate degree in health information management.
    experience_months : int
        Months of coding work that an employer will confirm.
    certifications : tuple of str
        Certifications that you hold.
    exam_month : str, optional
        Month that you want to sit the exam in, ``"2027-11"``.
    route : int, optional
        Way out of apprentice status, 1 to 3. Default: the one that ends first.
    assumptions, prices : dict
        Your own figures by id (see `roadmap.assumptions`, `roadmap.prices`).

    Raises
    ------
    CourseError
        When a value cannot be planned with; the message names it.
    """

    start: str
    target: str = "CPC"
    hours: float = 8
    budget: float = 0
    monthly: float = 0
    education: Education = "certificate"
    pace: Pace = "part"
    diploma: bool = True
    course: bool = False
    degree: bool = False
    experience_months: int = 0
    certifications: tuple[str, ...] = ()
    exam_month: str | None = None
    route: int | None = None
    assumptions: dict[str, float] = field(default_factory=dict)
    prices: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", _day(self.start).isoformat())
        facts = catalogue()
        object.__setattr__(self, "target", facts.credential(self.target).id)
        held = tuple(sorted({facts.credential(name).id for name in self.certifications}))
        object.__setattr__(self, "certifications", held)
        object.__setattr__(self, "exam_month", self.exam_month or None)
        _among("education", self.education, ("certificate", "degree"))
        _among("pace", self.pace, ("part", "full"))
        _between("hours", self.hours, 1, MAX_HOURS)
        _between("budget", self.budget, 0, 1e6)
        _between("monthly", self.monthly, 0, 1e5)
        _between("experience_months", self.experience_months, 0, 600)
        if self.exam_month and not re.fullmatch(r"2[01]\d\d-(0[1-9]|1[0-2])", self.exam_month):
            raise CourseError(
                f"exam_month {self.exam_month!r} is no month.", remedy="Write it as 2027-11, or leave it out."
            )
        if self.route is not None:
            _among("route", self.route, tuple(rule.number for rule in facts.routes))
        for name, value in self.assumptions.items():
            _among("assumption", name, tuple(facts.assumptions))
            _between(f"assumption {name}", value, 1 if name.endswith("_time_hours") else 0, 10_000)
        known = (*facts.prices, *(p.id for c in facts.credentials.values() for p in c.prices))
        for name, value in self.prices.items():
            _among("price", name, tuple(dict.fromkeys(known)))
            _between(f"price {name}", value, 0, 1e6)

    @property
    def first_day(self) -> date:
        """The start as a date."""
        return _day(self.start)

    def assume(self, name: str) -> float:
        """Return a figure of your own, or the course's."""
        return self.assumptions.get(name, catalogue().assumptions[name].value)


@dataclass(frozen=True)
class Step:
    """One bar of the plan; `start` and `end` are its first and last day.

    Attributes
    ----------
    hours, weekly : float
        Study hours of the whole step, and the most in any of its weeks.
    after : tuple of str
        Ids of the steps that end before this one starts.
    """

    id: str
    number: int
    title: str
    start: date
    end: date
    hours: float
    weekly: float
    after: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Cost:
    """One line of the bill. `low` and `high` are None for "check the page"."""

    id: str
    item: str
    step: str
    due: date
    low: float | None
    high: float | None
    year: str
    trust: Trust | Literal["yours"]
    text: str
    source: str


@dataclass(frozen=True)
class Route:
    """A way out of apprentice status, with the first day that it can end on."""

    number: int
    title: str
    text: str
    earliest: date
    chosen: bool


@dataclass(frozen=True)
class Milestone:
    """A dated target of the continuing-education calendar: units earned by that day."""

    day: date
    title: str
    units: int


@dataclass(frozen=True)
class Plan:
    """A dated road to one certification. Made by `course_lib.roadmap.plan`."""

    profile: Profile
    credential: Credential
    steps: tuple[Step, ...]
    done: tuple[str, ...]
    costs: tuple[Cost, ...]
    routes: tuple[Route, ...]
    calendar: tuple[Milestone, ...]
    notes: tuple[str, ...]
    risks: tuple[str, ...]

    def __getitem__(self, step_id: str) -> Step:
        for step in self.steps:
            if step.id == step_id:
                return step
        raise KeyError(step_id)

    def __contains__(self, step_id: str) -> bool:
        return any(step.id == step_id for step in self.steps)

    @property
    def exam_day(self) -> date | None:
        """The day of the exam; None when you hold the certification already."""
        return self["exam"].start if "exam" in self else None

    @property
    def total(self) -> tuple[float, float]:
        """The known costs to the end of the first cycle, lowest and highest, in US dollars."""
        return _sum(self.costs)

    @property
    def to_exam(self) -> tuple[float, float]:
        """The known costs that are due by the day of the exam."""
        return _sum([c for c in self.costs if self.exam_day and c.due <= self.exam_day])

    @property
    def unknown(self) -> tuple[Cost, ...]:
        """The costs that no trusted page gives; they are in no total."""
        return tuple(c for c in self.costs if c.low is None)

    @property
    def hours(self) -> float:
        """All study hours."""
        return sum(step.hours for step in self.steps)

    def to_frame(self) -> "pd.DataFrame":
        """Return one row a step: ``step, title, start, end, weeks, hours, hours a week``."""
        from course_lib.roadmap.frames import steps_frame

        return steps_frame(self)

    def figure(self) -> "Figure":
        """Return the plan as bars over time, with alt text and a table twin."""
        from course_lib.roadmap.figure import timeline

        return timeline(self)

    def __str__(self) -> str:
        from course_lib.roadmap.text import as_text

        return as_text(self)

    def __repr__(self) -> str:
        end = self.steps[-1].end
        return f"<Plan {self.credential.id}: {self.profile.start} to {end}, {len(self.steps)} steps>"

    def _repr_html_(self) -> str:
        from course_lib.roadmap.page import as_html

        return as_html(self)


def add_months(day: date, months: int) -> date:
    """Return the same day of a later month, or that month's last day."""
    year, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + year, month + 1, 1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), following - timedelta(days=1))


def _sum(costs: Iterable[Cost]) -> tuple[float, float]:
    known = [c for c in costs if c.low is not None]
    return sum(c.low or 0 for c in known), sum(c.high or 0 for c in known)


def _day(value: object) -> date:
    try:
        day = date.fromisoformat(str(value))
        if 2000 <= day.year < MAX_YEAR:
            return day
    except ValueError:
        pass
    raise CourseError(f"start {str(value)!r} is no day.", remedy="Write it as 2027-01-11.")


def _among(name: str, value: object, allowed: tuple[object, ...]) -> None:
    if value not in allowed:
        raise CourseError(
            f"{name} {value!r} is unknown.", remedy=f"Choose one of {', '.join(map(str, allowed))}."
        )


def _between(name: str, value: float, low: float, high: float) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise CourseError(
            f"{name} {value!r} cannot be planned with.", remedy=f"Give a number from {low:g} to {high:g}."
        )
