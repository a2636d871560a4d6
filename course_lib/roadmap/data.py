"""The facts behind a plan: certifications, steps, assumptions, prices and ways out of apprentice status."""

from dataclasses import dataclass, field
from functools import cache
from typing import Literal, TypeAlias

from course_lib import datasets
from course_lib.errors import CourseError

Trust: TypeAlias = Literal["official", "secondary", "conflict", "unknown"]


@dataclass(frozen=True)
class Price:
    """One price in US dollars; `low` and `high` are None when no page was trusted.

    Attributes
    ----------
    trust : str
        ``official`` (the body's own page), ``secondary`` (another site), ``conflict``
        (pages disagree, and the range covers them) or ``unknown``.
    """

    id: str
    item: str
    low: float | None
    high: float | None
    year: str
    trust: Trust
    text: str
    source: str


@dataclass(frozen=True)
class Credential:
    """What is known about one certification, with the page of each fact."""

    id: str
    name: str
    body: str
    setting: str
    code_sets: str
    page: str
    eligibility: str
    eligibility_source: str
    needs_diploma: bool
    needs_degree: bool
    needs_membership: bool
    apprentice: bool
    exam: str
    exam_source: str
    where: str
    retake: str
    retake_days: int | None
    ceus: int
    ceu_months: int
    ceu_text: str
    ceu_source: str
    open_book: bool
    extra_assumption: str
    prices: list[Price]


@dataclass(frozen=True)
class StepText:
    """One of the five steps: its number, title and what it is for."""

    id: str
    number: int
    title: str
    text: str
    source: str


@dataclass(frozen=True)
class Assumption:
    """A figure that no body publishes; a profile may put another in its place."""

    id: str
    value: float
    unit: str
    text: str


@dataclass(frozen=True)
class RouteRule:
    """One official way to lose the A of CPC-A."""

    number: int
    title: str
    experience_months: int
    course: bool
    practicode: bool
    text: str


@dataclass(frozen=True)
class Example:
    """The profile that a page shows when nobody has filled in the form."""

    start: str
    target: str
    hours: float
    budget: float


@dataclass(frozen=True)
class _Steps:
    steps: list[StepText]
    assumptions: list[Assumption]
    prices: list[Price]
    routes: list[RouteRule]
    routes_source: str
    example: Example


@dataclass(frozen=True)
class _Credentials:
    credentials: list[Credential]


@dataclass(frozen=True)
class Catalogue:
    """All facts of the planner, by id."""

    credentials: dict[str, Credential]
    steps: dict[str, StepText]
    assumptions: dict[str, Assumption]
    prices: dict[str, Price]
    routes: list[RouteRule]
    routes_source: str
    example: Example = field(repr=False)

    def credential(self, name: str) -> Credential:
        """Return a certification by its letters, in any case.

        Raises
        ------
        CourseError
            When there is none; the message lists those there are.
        """
        found = self.credentials.get(name.strip().upper())
        if found is None:
            raise CourseError(
                f"there is no plan for {name!r}.", remedy=f"Choose one of {', '.join(self.credentials)}."
            )
        return found


@cache
def catalogue() -> Catalogue:
    """Read the facts from ``datasets/roadmap``."""
    steps = datasets.load_yaml("roadmap/steps.yaml", _Steps)
    credentials = datasets.load_yaml("roadmap/credentials.yaml", _Credentials).credentials
    return Catalogue(
        {c.id: c for c in credentials},
        {s.id: s for s in steps.steps},
        {a.id: a for a in steps.assumptions},
        {p.id: p for p in steps.prices},
        steps.routes,
        steps.routes_source,
        steps.example,
    )
