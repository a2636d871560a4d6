"""Small claims to start from, and the judge of X12 files."""

import io
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from course_lib import icd10cm
from course_lib.claims import Claim, Line, Patient

DAY = date(2026, 5, 12)


def make_line(code: str, **changes: Any) -> Line:
    """An office service of one unit for the first diagnosis."""
    line = Line(DAY, "11", code, charge=Decimal("100.00"), pointers=("A",))
    return replace(line, **changes)


def make_claim(*lines: Line | str, **changes: Any) -> Claim:
    """A Medicare claim for knee arthritis and hypertension, of a woman of 70, filed in time."""
    services = tuple(line if isinstance(line, Line) else make_line(line) for line in lines) or (
        make_line("99213"),
    )
    claim = Claim(
        "claim-1", Patient("SYN1", 70, "F"), "medicare", ("M17.11", "I10"), services, date(2026, 5, 15)
    )
    return replace(claim, **changes)


@pytest.fixture(scope="session")
def line() -> Callable[..., Line]:
    return make_line


@pytest.fixture(scope="session")
def claim() -> Callable[..., Claim]:
    return make_claim


@pytest.fixture(scope="session")
def book() -> icd10cm.CodeBook:
    """The April 2026 edition."""
    return icd10cm.load("2026-04-01")


@pytest.fixture(scope="session")
def judge() -> Callable[[str], list[str]]:
    """What `pyx12` has to say against a file: nothing when it is valid."""
    from pyx12.params import params
    from pyx12.x12n_document import x12n_document

    def complaints(text: str) -> list[str]:
        said = io.StringIO()
        handler, logger = logging.StreamHandler(said), logging.getLogger("pyx12")
        logger.addHandler(handler)
        try:
            valid = x12n_document(params(), io.StringIO(text), None, None)
        finally:
            logger.removeHandler(handler)
        found = said.getvalue().splitlines()
        return found if found or valid else ["not valid"]

    return complaints
