"""Claims: from a coded encounter to a claim, its edits, its price and its electronic form.

::

    from course_lib import claims, encounters
    claim = claims.build(encounters.load("ankle-sprain-clinic"))
    claim                                  # a table that reads like the CMS-1500
    claims.scrub(claim)                    # what an edit would stop, and why
    claims.price(claim)                    # the Medicare amount, step by step
    claims.to_837p(claim)                  # the same claim as an X12 file
    claims.sample()                        # synthetic claims by the thousand, already decided
    claims.desk                            # the work of the billing desk on them

Nobody in a claim is real. Each name loads on first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from course_lib.claims.builder import build
    from course_lib.claims.edits import rules, scrub
    from course_lib.claims.grouper import drg
    from course_lib.claims.model import Claim, Finding, Line, Patient
    from course_lib.claims.pricing import Price, price
    from course_lib.claims.risk import hcc
    from course_lib.claims.x12.read_835 import read_835
    from course_lib.claims.x12.read_837p import read_837p
    from course_lib.claims.x12.remittance import Remittance
    from course_lib.claims.x12.write_835 import to_835
    from course_lib.claims.x12.write_837p import to_837p

# Public name -> module and name in it; each loads when it is first used. No module bears the
# name of a function: importing it would put the module in the function's place.
_LAZY = {
    "Claim": ("course_lib.claims.model", "Claim"),
    "Finding": ("course_lib.claims.model", "Finding"),
    "Line": ("course_lib.claims.model", "Line"),
    "Patient": ("course_lib.claims.model", "Patient"),
    "Price": ("course_lib.claims.pricing", "Price"),
    "Remittance": ("course_lib.claims.x12.remittance", "Remittance"),
    "build": ("course_lib.claims.builder", "build"),
    "desk": ("course_lib.claims.desk", ""),
    "drg": ("course_lib.claims.grouper", "drg"),
    "hcc": ("course_lib.claims.risk", "hcc"),
    "price": ("course_lib.claims.pricing", "price"),
    "read_835": ("course_lib.claims.x12.read_835", "read_835"),
    "read_837p": ("course_lib.claims.x12.read_837p", "read_837p"),
    "read_simulated": ("course_lib.claims.simulation", "read_simulated"),
    "rules": ("course_lib.claims.edits", "rules"),
    "sample": ("course_lib.claims.simulation", "sample"),
    "scrub": ("course_lib.claims.edits", "scrub"),
    "simulate": ("course_lib.claims.simulation", "simulate"),
    "to_835": ("course_lib.claims.x12.write_835", "to_835"),
    "to_837p": ("course_lib.claims.x12.write_837p", "to_837p"),
}

__all__ = [
    "Claim",
    "Finding",
    "Line",
    "Patient",
    "Price",
    "Remittance",
    "build",
    "drg",
    "hcc",
    "price",
    "read_835",
    "read_837p",
    "rules",
    "scrub",
    "to_835",
    "to_837p",
]


def __getattr__(name: str) -> Any:
    """Load a public name the first time that it is used (PEP 562)."""
    if name in _LAZY:
        module, inside = _LAZY[name]
        loaded = import_module(module)
        return getattr(loaded, inside) if inside else loaded
    raise AttributeError(f"module 'course_lib.claims' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(_LAZY)
