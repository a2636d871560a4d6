"""Whether the code fits the age and sex of the patient."""

import csv
from collections.abc import Iterator
from functools import cache

from course_lib import datasets
from course_lib.codes.checks.model import Finding, Record
from course_lib.codes.checks.refs import matches

AGE_SEX = "codes/icd10cm_age_sex.csv"
_NAMES = {"F": "female", "M": "male"}


@cache
def age_sex() -> tuple[dict[str, str], ...]:
    """Return the rows of the table of ages and sexes."""
    with datasets.path(AGE_SEX).open(encoding="utf-8", newline="") as rows:
        return tuple(csv.DictReader(rows))


def check(record: Record) -> Iterator[Finding]:
    """Yield codes that do not fit; nothing where age or sex is not given."""
    for entry in record.entries:
        code = entry.code.code
        for row in age_sex():
            if not matches(row["code"], code):
                continue
            if row["sex"] and record.sex and row["sex"] != record.sex:
                yield Finding(
                    "sex-conflict",
                    row["severity"],
                    (code,),
                    f"{code} is for a {_NAMES[row['sex']]} patient; the record says "
                    f"{_NAMES[record.sex]}. {row['why']}",
                    row["source"],
                    "Check the code and the sex on the record. Anatomy may differ from the recorded "
                    "sex: then the code can be right, and the payer's rule decides how to bill it.",
                )
            if record.age is not None and not _fits(record.age, row):
                yield Finding(
                    "age-conflict",
                    row["severity"],
                    (code,),
                    f"{code} is {_range(row)}; the patient is {record.age:g}. {row['why']}",
                    row["source"],
                    "Check the code and the date of birth.",
                )


def _fits(age: float, row: dict[str, str]) -> bool:
    """Compare completed years, both ends included."""
    years = int(age)
    return int(row["age_min"] or 0) <= years <= int(row["age_max"] or 999)


def _range(row: dict[str, str]) -> str:
    low, high = row["age_min"], row["age_max"]
    if low and high:
        return f"for ages {low} to {high}"
    if low:
        return f"for ages {low} and over"
    return "for the first year of life" if high == "0" else f"for ages up to {high}"
