"""Risk adjustment: how diagnoses change what Medicare pays a plan for a person (CMS-HCC).

The model is run by `hccinfhir`, from the tables of CMS. The course uses the part of the
model for people who live at home and do not have Medicaid.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from course_lib.codes.book import plain
from course_lib.errors import CourseError

if TYPE_CHECKING:
    import pandas as pd

MODELS = {"V28": "CMS-HCC Model V28", "V24": "CMS-HCC Model V24"}
KINDS = ("age and sex", "condition", "together")  # of terms, in their order
YEAR = 2026  # payment year of the tables; it rests on diagnoses from services of the year before


@dataclass(frozen=True, slots=True)
class Part:
    """One term of a risk score.

    Attributes
    ----------
    kind : str
        ``age and sex``, ``condition`` or ``together`` (conditions that add to each other).
    name, label : str
        CMS's name of it, such as ``HCC 37``; in words where CMS gives them.
    coefficient : float
        What it adds.
    diagnoses : tuple of str
        The codes that brought a condition in.
    """

    kind: str
    name: str
    label: str
    coefficient: float
    diagnoses: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False)
class RiskScore:
    """A raw risk score and its terms; 1.0 is about the average.

    Attributes
    ----------
    model, year : str, int
        Model and payment year.
    score : float
        The sum of the terms, before CMS divides it by its normalization factor and lowers it
        for differences in coding.
    parts : tuple of Part
        The terms: age and sex, the conditions by category number, then what they add together.
    not_counted : tuple of str
        Codes that belong to no payment category of the model.
    outranked : dict
        Codes whose category a more severe one takes the place of, by category.
    """

    model: str
    year: int
    score: float
    parts: tuple[Part, ...]
    not_counted: tuple[str, ...]
    outranked: dict[str, tuple[str, ...]]

    def to_frame(self) -> "pd.DataFrame":
        """Return one row a term: kind, name, label, coefficient (float), diagnoses (joined)."""
        import pandas as pd

        rows = [(p.kind, p.name, p.label, p.coefficient, " ".join(p.diagnoses)) for p in self.parts]
        return pd.DataFrame(rows, columns=["kind", "name", "label", "coefficient", "diagnoses"])

    def __repr__(self) -> str:
        return f"<{self.model}, payment year {self.year}: raw risk score {self.score:.3f}>"

    def _repr_html_(self) -> str:
        from course_lib.plots import table

        frame = self.to_frame().assign(coefficient=[f"{p.coefficient:.3f}" for p in self.parts])
        caption = f"{self.model}, payment year {self.year}: raw risk score {self.score:.3f}, term by term."
        return table(frame, caption=caption)._repr_html_()


def hcc(diagnoses: Sequence[str], *, age: int, sex: str, model: str = "V28") -> RiskScore:
    """Return the raw CMS-HCC risk score of a person in the community without Medicaid.

    Parameters
    ----------
    diagnoses : sequence of str
        ICD-10-CM codes of a year.
    age : int
        Age in years on February 1 of the payment year. Below 65 the person is taken to have
        Medicare by disability.
    sex : str
        ``F`` or ``M``.
    model : {"V28", "V24"}
        Version of the model.

    Raises
    ------
    CourseError
        When `hccinfhir` is not installed, or age, sex or model is not known.

    Notes
    -----
    The tables are those of payment year 2026. They list some codes that later editions of
    ICD-10-CM deleted (15 of V28 are gone in fiscal year 2027), so a score proves nothing about
    a code: check it with `CodeBook.check`. A score is no measure of good coding either. Only
    what the record supports may be reported.
    """
    if model not in MODELS:
        raise CourseError(f"there is no model {model!r}.", remedy=f"Choose {', '.join(MODELS)}.")
    if sex not in ("F", "M"):
        raise CourseError(f"the sex is {sex!r}.", remedy="Write sex='F' or sex='M', as it is recorded.")
    if not 0 <= age <= 130:
        raise CourseError(f"the age is {age} years.", remedy="Give completed years, 0 to 130.")
    if isinstance(diagnoses, str):
        raise CourseError("the codes came as one text.", remedy='Give a list: ["E11.22", "N18.4"].')
    names = {plain(code): code for code in diagnoses}
    disabled = "1" if age < 65 else "0"
    told = _model(MODELS[model]).calculate_from_diagnosis(
        list(names),
        {"age": age, "sex": sex, "dual_elgbl_cd": "NA", "orec": disabled, "crec": disabled},
    )
    return _score(MODELS[model], told, names)


@cache
def _model(name: str) -> Any:
    try:
        from hccinfhir import HCCInFHIR
    except ImportError as why:
        raise CourseError(
            "the risk adjustment model is not installed.",
            remedy="Run `pip install 'crosswalk-course[payers]'`.",
        ) from why
    return HCCInFHIR(model_name=name)


def _score(model: str, told: Any, names: dict[str, str]) -> RiskScore:
    labels = {detail.hcc: detail.label or "" for detail in told.hcc_details}
    codes = {
        str(hcc): tuple(sorted(names.get(plain(code), code) for code in found))
        for hcc, found in told.cc_to_dx.items()
    }
    parts = []
    for name, coefficient in told.coefficients.items():
        if name in labels:
            parts.append(Part(KINDS[1], f"HCC {name}", labels[name], coefficient, codes.get(name, ())))
        else:
            kind = KINDS[0] if name == told.demographics.category else KINDS[2]
            parts.append(Part(kind, name, "", coefficient))
    mapped = {code for found in codes.values() for code in found}
    return RiskScore(
        model=model,
        year=YEAR,
        score=round(told.risk_score, 3),
        parts=tuple(sorted(parts, key=lambda part: (KINDS.index(part.kind), *_order(part.name)))),
        not_counted=tuple(code for code in names.values() if code not in mapped),
        outranked={
            f"HCC {name}": codes[name] for name in sorted(codes, key=_order) if name not in told.hcc_list
        },
    )


def _order(name: str) -> tuple[int, str]:
    number = name.removeprefix("HCC ")
    return (int(number) if number.isdigit() else 0, name)
