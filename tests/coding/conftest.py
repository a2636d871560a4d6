"""The code book that the scores are made with."""

import pytest

from course_lib import icd10cm


@pytest.fixture(scope="session")
def book() -> icd10cm.CodeBook:
    return icd10cm.load("2026-04-01")
