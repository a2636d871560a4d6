"""What a chart and its key are: plain dataclasses, read from ``datasets/encounters/``."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal, TypeAlias

from course_lib.errors import CourseError

if TYPE_CHECKING:
    from course_lib.coding import Score, Submission

Level: TypeAlias = Literal["clean", "realistic", "messy"]
Setting: TypeAlias = Literal["outpatient", "emergency", "inpatient"]
Payer: TypeAlias = Literal["medicare", "medicaid", "commercial", "self-pay"]


@dataclass(frozen=True)
class Patient:
    """An invented patient: age in completed years, sex, and days of age in the first year."""

    age: int
    sex: Literal["F", "M"]
    age_days: int | None = None


@dataclass(frozen=True)
class Chart:
    """A chart file, key by key; `Encounter` is what the library hands out."""

    id: str
    synthetic: bool
    title: str
    specialty: str
    level: Level
    setting: Setting
    service_date: str
    place_of_service: str
    patient: Patient
    payer: Payer
    case_book: bool
    minutes: int
    note: str
    admission_date: str | None = None


@dataclass(frozen=True)
class CodedDiagnosis:
    """One ICD-10-CM code of a key, with its evidence.

    Attributes
    ----------
    code : str
        With its dot.
    span : str
        The words of the note that prove it.
    rule, source, why : str
        The rule in a few words; where it stands, with its date; a sentence for a learner.
    """

    code: str
    span: str
    rule: str
    source: str
    why: str


@dataclass(frozen=True)
class CodedProcedure:
    """One CPT or HCPCS code of a key, with its evidence.

    Attributes
    ----------
    code : str
        Of the course's samples, or a mock code such as ``P0001``.
    span, why, source : str
        The words of the note that prove it; a sentence for a learner; where the rule stands.
    modifiers : list of str
        Two characters each, in the order of the claim.
    units : int
        How many; 1 when left out.
    pointers : list of str
        Letters of the diagnoses that it is for, ``A`` the first; up to four.
    """

    code: str
    span: str
    why: str
    source: str
    modifiers: list[str] = field(default_factory=list)
    units: int = 1
    pointers: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Rejected:
    """A tempting code, and why it is not reported."""

    code: str
    why: str
    rule: str
    source: str


@dataclass(frozen=True)
class Optional:
    """A code that a coder may add without being wrong."""

    code: str
    why: str
    source: str


@dataclass(frozen=True)
class Accepted:
    """A warning of the code book (its kind) that the note answers, and how."""

    finding: str
    why: str


@dataclass(frozen=True)
class Key:
    """What the chart is coded to, and why.

    Attributes
    ----------
    id, edition : str
        The chart's id; first day of the ICD-10-CM edition that decides.
    diagnoses : list of CodedDiagnosis
        In order: the first-listed or principal diagnosis first.
    procedures : list of CodedProcedure
        In the order of the claim.
    rejected : list of Rejected
        Two or more.
    optional : list of Optional
        Not scored as extra.
    accepts : list of Accepted
        Warnings of `CodeBook.check` that the note answers.
    """

    id: str
    edition: str
    diagnoses: list[CodedDiagnosis]
    procedures: list[CodedProcedure]
    rejected: list[Rejected]
    optional: list[Optional] = field(default_factory=list)
    accepts: list[Accepted] = field(default_factory=list)

    @property
    def codes(self) -> list[str]:
        """The ICD-10-CM codes, in order."""
        return [diagnosis.code for diagnosis in self.diagnoses]

    @property
    def submission(self) -> "Submission":
        """The codes and procedures without their reasons, as `coding.score` takes them."""
        from course_lib.coding import Line, Submission

        lines = [Line(p.code, p.modifiers, p.units, p.pointers) for p in self.procedures]
        return Submission(self.codes, lines)

    @property
    def reasons(self) -> dict[str, tuple[str, str]]:
        """Why each code is or is not reported, and where that stands."""
        told: list[CodedDiagnosis | CodedProcedure | Rejected] = [
            *self.diagnoses, *self.procedures, *self.rejected,
        ]  # fmt: skip
        return {entry.code: (entry.why, entry.source) for entry in told}


@dataclass(frozen=True)
class Encounter:
    """One synthetic chart. No real person.

    Attributes
    ----------
    id, title, specialty, note : str
        The file's name; what the visit was about, without its diagnosis; the text.
    level : {"clean", "realistic", "messy"}
        How hard the note is to read.
    setting : {"outpatient", "emergency", "inpatient"}
        It decides which rules hold.
    service_date : date
        Date of service; of discharge for an inpatient. It decides which codes exist.
    admission_date : date or None
        Inpatients only.
    place_of_service : str
        Two digits; look them up in `places`.
    age : int
        Completed years.
    age_days : int or None
        Days of age in the first year.
    sex : {"F", "M"}
        As recorded.
    payer : {"medicare", "medicaid", "commercial", "self-pay"}
        Who is billed.
    case_book : bool
        Whether it is part of the graded case book; students have no key for it.
    minutes : int
        How long a learner is expected to take.
    key : Key or None
        None when the key file is not in this copy of the course. It is not part of `repr`.
    """

    id: str
    title: str
    specialty: str
    level: Level
    setting: Setting
    service_date: date
    admission_date: date | None
    place_of_service: str
    age: int
    age_days: int | None
    sex: Literal["F", "M"]
    payer: Payer
    case_book: bool
    minutes: int
    note: str = field(repr=False)
    key: Key | None = field(default=None, repr=False)

    @property
    def years(self) -> float:
        """Age in years, a part of a year for an infant."""
        return self.age + (self.age_days or 0) / 365.25

    def score(self, submitted: "Sequence[str] | Submission") -> "Score":
        """Score codes against the key of this chart, by its date and setting.

        Parameters
        ----------
        submitted : sequence of str, or Submission
            A list is compared with the diagnoses of the key, a submission with the whole key.

        Raises
        ------
        CourseError
            When this copy of the course has no key for the chart.
        """
        from course_lib.codes import icd10cm
        from course_lib.coding import Submission, score

        if self.key is None:
            raise CourseError(
                f"this copy of the course has no key for {self.id!r}.", remedy="Your instructor has it."
            )
        return score(
            submitted,
            self.key.submission if type(submitted) is Submission else self.key.codes,
            book=icd10cm.load(self.key.edition),
            on=self.service_date,
            setting=self.setting,
            optional=[extra.code for extra in self.key.optional],
            reasons=self.key.reasons,
        )

    def __str__(self) -> str:
        from course_lib.encounters.text import chart_text

        return chart_text(self)

    def _repr_html_(self) -> str:
        from course_lib.encounters.text import chart_html

        return chart_html(self)
