"""Synthetic charts with their keys.

::

    chart = encounters.load("ankle-sprain-clinic")
    chart                                   # shown as a chart
    chart.key.diagnoses[0].code             # the key, where this copy of the course has it
    encounters.ids(level="messy", setting="emergency")

Nobody in them is real. Keys are proved against the code book by `check`.
"""

from course_lib.encounters.checks import check
from course_lib.encounters.model import (
    Accepted,
    CodedDiagnosis,
    CodedProcedure,
    Encounter,
    Key,
    Optional,
    Rejected,
)
from course_lib.encounters.store import frame, ids, load, sets

__all__ = [
    "Accepted",
    "CodedDiagnosis",
    "CodedProcedure",
    "Encounter",
    "Key",
    "Optional",
    "Rejected",
    "check",
    "frame",
    "ids",
    "load",
    "sets",
]
