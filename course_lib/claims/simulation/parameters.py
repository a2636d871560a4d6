"""The parameters of the synthetic claims, each with its status and source."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from course_lib import datasets
from course_lib.errors import CourseError

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")
FILE = "claims/parameters.yaml"


@dataclass(frozen=True)
class Parameter:
    """One parameter: what it is set to, and how far to trust it.

    ``status`` is ``measured`` (computed by the course from a file of the agency),
    ``published`` (printed by the source) or ``assumed`` (chosen so that claims look like claims).
    """

    value: Any
    status: Literal["measured", "published", "assumed"]
    source: str
    year: int


@dataclass(frozen=True)
class Population:
    """People by first age of a group and sex; ``ages`` has one more entry, the end of the last group."""

    ages: list[float]
    M: list[float]
    F: list[float]


@dataclass(frozen=True)
class Condition:
    """A long-term condition: share of people by first age and sex, and of those the share that is known."""

    ages: list[float]
    M: list[float]
    F: list[float]
    known: list[float]


@dataclass(frozen=True)
class ObesityClass:
    """Codes of one class of obesity: before its own code existed, that code, and the body mass index."""

    old: str
    new: str
    bmi: str
    share: float


@dataclass(frozen=True)
class Wave:
    """A bell curve around a day: a date, or a month and day of every year; ``sd`` in days."""

    day: str
    height: float
    sd: float


@dataclass(frozen=True)
class Season:
    """How the rate of a reason runs through the window."""

    base: float
    waves: list[Wave]


@dataclass(frozen=True)
class Diagnosis:
    """The codes of a visit (parted by semicolons), its share, and the side, RT or LT, where one matters."""

    codes: str
    share: float
    side: str = ""


@dataclass(frozen=True)
class Service:
    """What may be billed: a visit (``em``), blood tests (``labs``: the share), or a code.

    ``payer`` is ``Medicare`` or ``not Medicare``; ``needs`` is how the first-listed code begins.
    """

    code: str = ""
    em: bool = False
    labs: float = 0.0
    share: float = 1.0
    units: int = 1
    modifiers: str = ""
    payer: str = ""
    needs: str = ""


@dataclass(frozen=True)
class Reason:
    """Why people come: where, how often (visits per 100 persons a year by age group), and what is coded."""

    place: str
    specialty: str
    season: str
    per_100: list[float] | str
    diagnoses: list[Diagnosis]
    services: list[Service]
    sex: str = ""
    yearly: bool = False
    mentions: float = 0.0


@dataclass(frozen=True)
class Provider:
    """A synthetic provider: chance to bill a level too high, and factor on the conditions that are coded."""

    specialty: str
    raises: float
    documents: float


@dataclass(frozen=True)
class Payer:
    """A payer: times the Medicare amount, factor on denials, days to decide and to file, patient's share."""

    allows: float
    strict: float
    decides: list[int]
    files_within: int
    coinsurance: float
    copay: float
    deductible: float


@dataclass(frozen=True)
class Problem:
    """Something that goes wrong with a claim, and what becomes of it; see the comments of the file."""

    among: str
    rate: float
    denied: float
    what: str
    group: str
    carc: str
    rarc: str
    worked: float
    won: float
    how: str


@dataclass(frozen=True)
class Days:
    """Fewest and most days of each step."""

    to_file: list[int]
    late_by: list[int]
    duplicate_after: list[int]
    to_rework: list[int]
    rework_decided: list[int]
    patient_pays: list[int]
    written_off: int


@dataclass(frozen=True)
class Parameters(Mapping[str, Parameter]):
    """All parameters by name."""

    entries: dict[str, Parameter] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Parameter:
        return self.entries[name]

    def __iter__(self) -> Any:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def get_as(self, name: str, kind: type[T]) -> T:
        """Return the value of one parameter as `kind`, a dataclass or a plain type.

        Raises
        ------
        CourseError
            When the value does not have that form; the message names the parameter.
        """
        import msgspec

        value = self[name].value
        try:
            if unknown := datasets.unknown_key(value, kind, "$"):
                raise msgspec.ValidationError(f"unknown key at {unknown}")
            return msgspec.convert(value, kind)
        except msgspec.ValidationError as why:
            raise CourseError(
                f"the parameter {name!r} is not right: {why}.",
                remedy="Compare with a neighboring entry.",
                path=datasets.path(FILE),
            ) from None

    def group(self, prefix: str, kind: type[T]) -> dict[str, T]:
        """Return the parameters ``prefix.name`` as `kind`, by name, in the order of the file."""
        return {n.split(".", 1)[1]: self.get_as(n, kind) for n in self if n.startswith(f"{prefix}.")}

    def to_frame(self) -> "pd.DataFrame":
        """Return one row a parameter: name, value, status, source, year."""
        import pandas as pd

        rows = [(name, str(p.value), p.status, p.source, p.year) for name, p in self.items()]
        return pd.DataFrame(rows, columns=["name", "value", "status", "source", "year"])


@cache
def load() -> Parameters:
    """Return the parameters of ``datasets/claims/parameters.yaml`` (read once)."""
    return read(datasets.path(FILE))


def read(file: Path) -> Parameters:
    """Return the parameters of any such file.

    Raises
    ------
    CourseError
        When an entry lacks its value, status, source or year; the message has the line.
    """
    import msgspec

    entries = {}
    for name, entry in datasets.load_yaml(file, dict[str, Any]).items():
        try:
            if unknown := datasets.unknown_key(entry, Parameter, "$"):
                raise msgspec.ValidationError(f"unknown key {unknown[2:]}")
            entries[name] = msgspec.convert(entry, Parameter)
        except msgspec.ValidationError as why:
            raise CourseError(
                f"the parameter {name!r} is not right: {why}.",
                remedy="Give it a value, status, source and year, and nothing else.",
                path=file,
                line=datasets.line_of(file.read_text(encoding="utf-8"), f"$[{name}]"),
            ) from None
    return Parameters(entries)
