"""Claims to test on: three chunks, and the people and visits of one."""

from types import SimpleNamespace

import pytest

from course_lib import claims
from course_lib.claims.simulation import coding, draw, faults, frames, model, people, visits

SIZE = 45_000


@pytest.fixture(scope="session")
def tables():
    return claims.simulate(SIZE)


@pytest.fixture(scope="session")
def made():
    """One chunk before it becomes tables: everybody, also those whom no claim shows."""
    ready = model.build()
    rng = draw.generator(20261125, 3)
    who = people.sample(rng, ready, frames.MEMBERS)
    seen = visits.sample(rng, ready, who)
    coded = coding.code(rng, ready, who, seen)
    lines = coding.bill(rng, ready, who, seen, coded)
    filed = faults.file(rng, ready, seen, coded, lines, 10**9)
    return SimpleNamespace(model=ready, who=who, seen=seen, coded=coded, lines=lines, filed=filed)
