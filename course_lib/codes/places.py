"""Place of service: the two digits that say where care was given."""

from dataclasses import dataclass

from course_lib.codes.tables import CodeTable, rows

__all__ = ["Place", "load"]


@dataclass(frozen=True, slots=True)
class Place:
    """One place of service code, in our own words.

    Attributes
    ----------
    code, name, meaning : str
        Two digits; a short name; what counts as such a place.
    facility : bool
        Whether Medicare pays a clinician's service there at the facility rate.
    source : str
        Where it comes from.
    """

    code: str
    name: str
    meaning: str
    facility: bool
    source: str


def load() -> CodeTable[Place]:
    """Return the 25 places of the course: ``places.load()["11"].name``."""
    entries = (
        Place(row["code"], row["name"], row["meaning"], row["medicare_rate"] == "facility", row["source"])
        for row in rows("place_of_service.csv")
    )
    return CodeTable(entries, name="Place of service", release="2026")
