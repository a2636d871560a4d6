"""The helper library of Crosswalk, a Jupyter course in medical coding.

Every public name loads on first use, so ``import course_lib`` costs no pandas,
no matplotlib and no widget::

    from course_lib import icd10cm
    book = icd10cm.load()
    book["E11.22"].title
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from course_lib import (
        careers,
        casebook,
        checks,
        claims,
        coding,
        datasets,
        drills,
        encounters,
        explorer,
        plots,
        portfolio,
        progress,
        quiz,
        roadmap,
    )
    from course_lib.codes import cpt, em, hcpcs, icd10cm, icd10pcs, modifiers, msdrg, places

__version__ = "1.0.0"

# Public name -> module that holds it. `codes` and its modules are one floor, so
# learners type `icd10cm`, not the folder it lives in.
_PUBLIC = {
    "careers": "course_lib.careers",
    "casebook": "course_lib.casebook",
    "checks": "course_lib.checks",
    "claims": "course_lib.claims",
    "codes": "course_lib.codes",
    "coding": "course_lib.coding",
    "cpt": "course_lib.codes.cpt",
    "datasets": "course_lib.datasets",
    "drills": "course_lib.drills",
    "em": "course_lib.codes.em",
    "encounters": "course_lib.encounters",
    "explorer": "course_lib.explorer",
    "hcpcs": "course_lib.codes.hcpcs",
    "icd10cm": "course_lib.codes.icd10cm",
    "icd10pcs": "course_lib.codes.icd10pcs",
    "modifiers": "course_lib.codes.modifiers",
    "msdrg": "course_lib.codes.msdrg",
    "places": "course_lib.codes.places",
    "plots": "course_lib.plots",
    "portfolio": "course_lib.portfolio",
    "progress": "course_lib.progress",
    "quiz": "course_lib.quiz",
    "roadmap": "course_lib.roadmap",
    "surveillance": "course_lib.surveillance",
}

__all__ = [
    "__version__",
    "careers",
    "casebook",
    "checks",
    "claims",
    "coding",
    "cpt",
    "datasets",
    "drills",
    "em",
    "encounters",
    "explorer",
    "hcpcs",
    "icd10cm",
    "icd10pcs",
    "modifiers",
    "msdrg",
    "places",
    "plots",
    "portfolio",
    "progress",
    "quiz",
    "roadmap",
    "surveillance",
]


def __getattr__(name: str) -> Any:
    """Load a public module the first time that it is named (PEP 562)."""
    if name in _PUBLIC:
        return import_module(_PUBLIC[name])
    raise AttributeError(f"module 'course_lib' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
