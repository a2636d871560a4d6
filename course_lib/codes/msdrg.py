"""MS-DRG: the groups by which Medicare pays a hospital stay, as a small table of weights."""

from dataclasses import dataclass

from course_lib.codes.tables import CodeTable, rows

__all__ = ["MsDrg", "load"]


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
    entries = (
        MsDrg(
            code=row["code"],
            family=row["family"],
            severity=row["severity"],
            title=row["title"],
            kind=row["kind"],
            weight=float(row["weight"]),
            gmlos=float(row["gmlos"]),
            amlos=float(row["amlos"]),
            source=row["source"],
        )
        for row in rows("msdrg_sample.csv")
    )
    return CodeTable(entries, name="MS-DRG sample", release="FY2026")
