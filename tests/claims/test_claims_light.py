"""The parts load when they are used, and every public name is there."""

import subprocess
import sys

from course_lib import claims


def test_a_claim_can_be_scrubbed_and_priced_without_pandas():
    code = (
        "import sys, datetime as d; from course_lib import claims\n"
        "c = claims.Claim('x', claims.Patient('S', 70, 'F'), 'medicare', ('I10',),"
        " (claims.Line(d.date(2026, 5, 12), '11', '99213', pointers=('A',)),), d.date(2026, 5, 15))\n"
        "claims.scrub(c); claims.price(c); claims.read_837p(claims.to_837p(c))\n"
        "print([m for m in ('pandas', 'matplotlib', 'ipywidgets', 'drgpy', 'hccinfhir') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_each_public_name_is_there():
    for name in claims.__all__:
        assert getattr(claims, name) is not None
    # A module of the same name would stand in the function's place once it is imported.
    assert all(callable(getattr(claims, name)) for name in claims.__all__)
