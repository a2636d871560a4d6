"""MS-DRG: the groups by which Medicare pays a hospital stay, as a small table of weights."""

from dataclasses import dataclass

from course_lib.codes.tables import CodeTable, rows

__all__ = ["MsDrg", "load"]

TABLE_5 = "CMS, Inpatient Prospective Payment System, fiscal year 2026 final rule, Table 5"


@dataclass(frozen=True, slots=True)
class MsDrg:
    """One Medicare severity diagnosis-related group.

    Attributes
    ----------
    code : str
        Three digits.
    family, severity : str
        What its group of groups has in common, in our words; which secondary diagnoses
        set it apart, such as ``with MCC``.
    title, kind : str
        CMS's title; ``medical`` or ``surgical``.
    weight : float
        Relative weight: what such a stay takes, compared with the average stay (1).
    gmlos, amlos : float
        Geometric and arithmetic mean length of stay, in days.
    source : str
        Row of CMS's Table 5.
    """

    code: str
    family: str
    severity: str
    title: str
    kind: str
    weight: float
    gmlos: float
    amlos: float
    source: str


def load() -> CodeTable[MsDrg]:
    """Return the course's sample of fiscal year 2026: ``msdrg.load()["470"].weight``.

    No grouping is done here: a grouper program reads a stay's codes and finds its group.
    """
    weights = {row["drg"]: row for row in rows("drg_weights.csv", folder="claims")}
    entries = (_entry(row, weights[row["code"]]) for row in rows("msdrg_sample.csv"))
    return CodeTable(entries, name="MS-DRG sample", release="FY2026")


def _entry(row: dict[str, str], table_5: dict[str, str]) -> MsDrg:
    return MsDrg(
        code=row["code"],
        family=row["family"],
        severity=row["severity"],
        title=table_5["title"],
        kind=table_5["type"],
        weight=float(table_5["weight"]),
        gmlos=float(table_5["gmlos"]),
        amlos=float(table_5["amlos"]),
        source=f"{TABLE_5}, row {row['code']}",
    )
