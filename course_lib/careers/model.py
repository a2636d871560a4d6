"""The four roles and the fit questionnaire, as they stand in ``datasets/roadmap``."""

from dataclasses import dataclass
from functools import cache

from course_lib import datasets
from course_lib.errors import CourseError
from course_lib.roadmap.data import Trust


@dataclass(frozen=True)
class Task:
    """One line of an illustrated day."""

    time: str
    task: str
    uses: str


@dataclass(frozen=True)
class Pay:
    """A median, in US dollars a year, with its year and page."""

    year: str
    median: int
    kind: str
    trust: Trust
    note: str
    source: str


@dataclass(frozen=True)
class Growth:
    """A projection: percent over ten years, and openings a year."""

    period: str
    percent: float
    openings: int | None
    trust: Trust
    source: str


@dataclass(frozen=True)
class Link:
    """A page to read on."""

    title: str
    url: str


@dataclass(frozen=True)
class Role:
    """One of the four roles; the newest pay and growth come first.

    Attributes
    ----------
    occupation, stands_for : str
        The BLS occupation whose figures stand for the role, and how well they do.
    """

    id: str
    name: str
    short: str
    duties: list[str]
    duties_source: str
    day: list[Task]
    education: str
    credentials: list[str]
    occupation: str
    stands_for: str
    pay: list[Pay]
    growth: list[Growth]
    caveats: list[str]
    links: list[Link]

    def __str__(self) -> str:
        from course_lib.careers.text import as_text

        return as_text(self)

    def _repr_html_(self) -> str:
        from course_lib.careers.page import as_html

        return as_html(self)


@dataclass(frozen=True)
class Question:
    """A statement, and how much it speaks for each role (-3 to 3)."""

    id: str
    text: str
    weights: dict[str, int]


@dataclass(frozen=True)
class _Roles:
    roles: list[Role]


@dataclass(frozen=True)
class _Questions:
    questions: list[Question]


@cache
def all_roles() -> dict[str, Role]:
    """Return the roles by id."""
    return {role.id: role for role in datasets.load_yaml("roadmap/careers.yaml", _Roles).roles}


@cache
def questions() -> tuple[Question, ...]:
    """Return the statements of the fit questionnaire."""
    return tuple(datasets.load_yaml("roadmap/fit.yaml", _Questions).questions)


def role(name: str) -> Role:
    """Return one role by its id: ``coder``, ``biller``, ``technician`` or ``manager``.

    Raises
    ------
    CourseError
        When there is no such role.
    """
    found = all_roles().get(name.strip().lower())
    if found is None:
        raise CourseError(f"there is no role {name!r}.", remedy=f"Choose one of {', '.join(all_roles())}.")
    return found
