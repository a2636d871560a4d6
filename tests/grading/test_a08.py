"""Assignment a08, the case book: its keys, its bands, its messages, and what earns nothing."""

import re

import pytest

from course_lib import casebook, encounters, icd10cm
from course_lib.coding import Submission

CASE_BOOK = encounters.ids(case_book=True)
CLINIC = "two-evenings-in-one"


@pytest.fixture
def bench(benches):
    return benches("a08_case_book")


def keys_of(cell):
    """The keys that a test cell holds."""
    namespace = {}
    exec(re.search(r"^keys = \{.*?^\}", cell, re.MULTILINE | re.DOTALL)[0], namespace)
    return namespace["keys"]


def key_row(name):
    key = encounters.load(name).key
    services = [
        "-".join([p.code, *p.modifiers]) + (f"x{p.units}" if p.units != 1 else "") for p in key.procedures
    ]
    return [" ".join(key.codes), " ".join(services), " ".join(one.code for one in key.optional)]


def test_each_graded_cell_holds_the_keys_of_the_key_files(bench):
    graded = {name: keys_of(cell) for name, cell in bench.cells.items() if "casebook.credit" in cell}
    for part in ("first_listed", "principal", "codes", "services"):
        rows = {n: row for cell, keys in graded.items() if cell.startswith(part) for n, row in keys.items()}
        for name, row in rows.items():
            assert [cell.strip() for cell in row.split("|")] == key_row(name)
    coded = [name for cell, keys in graded.items() if cell.startswith("codes") for name in keys]
    assert sorted(coded) == CASE_BOOK


def rows(bench, graded, change):
    """A table of the group of a graded cell, each chart with the row that `change` gives."""
    return "\n".join(f"{name} | {change(name)}" for name in keys_of(bench.cells[graded]))


def earned(bench, change):
    """What a way to fill in tables earns in each graded cell of the case book."""
    graded = [name for name in bench.tests if "casebook.credit" in bench.cells[name]]
    return {name: bench.score(name, lambda _, n=name: rows(bench, n, change)) for name in graded}


@pytest.mark.parametrize(
    "same",
    ["I10", "I10 Z87.891", "I10 Z87.891 Z79.899 | 99214", "Z79.899 I10 E78.5 F17.210 Z87.891 | 99285", ""],
)
def test_the_same_row_for_every_chart_earns_nothing(bench, same):
    assert set(earned(bench, lambda name: same).values()) == {0.0}


def test_a_common_list_behind_different_first_codes_earns_nothing(bench):
    book = [code.code for code in icd10cm.load().billable()][::3000]
    spread = {name: f"{book[n]} I10 Z87.891 | 99211" for n, name in enumerate(CASE_BOOK)}
    assert set(earned(bench, spread.get).values()) == {0.0}


def test_flagging_everything_earns_nothing(bench):
    book = [code.code for code in icd10cm.load().billable()]
    assert set(earned(bench, lambda name: " ".join(book)).values()) == {0.0}
    assert "room for 25" in bench.message
    everything_there = sorted({code for name in CASE_BOOK for code in encounters.load(name).key.codes})
    some = {name: " ".join(everything_there[n : n + 25]) for n, name in enumerate(CASE_BOOK)}
    codes = {cell: points for cell, points in earned(bench, some.get).items() if cell.startswith("codes")}
    assert set(codes.values()) == {0.0}


def test_every_right_code_with_as_many_wrong_ones_earns_a_quarter_at_most(bench):
    wrong = ["J06.9", "R51.9", "M54.50", "K21.9", "L30.9", "H61.21", "R10.9", "B07.9", "N95.1", "M17.11"]

    def padded(name):
        codes = encounters.load(name).key.codes
        return " ".join([*codes, *wrong[: len(codes)]])

    codes = {cell: points for cell, points in earned(bench, padded).items() if cell.startswith("codes")}
    assert max(codes.values()) <= 1.0


def test_a_chart_that_is_left_out_costs_its_share_and_no_more(bench):
    solution = bench.solution("codes_emergency")
    without = "\n".join(line for line in solution.splitlines() if not line.startswith("curb-and-a-bottle"))
    assert bench.score("codes_emergency", without) == 3.0
    assert bench.score("first_listed_emergency", without) == 1.5


@pytest.mark.parametrize(
    ("mine", "share"),
    [
        ("T44.7X1A R00.1 I10 Z87.891", 1.0),
        ("T44.7X1A R00.1 I10 Z87.891 Z82.49", 1.0),  # optional by its key
        ("T44.7X1A R00.1 I10 Z87.891 Z79.899 Y92.009", 1.0),  # never counted as extra
        ("T44.7X1A R00.1 I10 Z87.891 E78.5", 0.75),
        ("T44.7X1A I10 R00.1 Z87.891", 1.0),  # the order of other diagnoses is free
        ("T44.7X1A R00.1 I10", 0.75),
        ("T44.7X1A R00.1", 0.25),
        ("T44.7X1D R00.1 I10 Z87.891", 0.5),  # another 7th character: the claim comes back
        ("R00.1 I10 Z87.891", 0.25),  # without the main condition
        ("I10 Z87.891", 0.0),
        ("T44.7X1A", 0.0),
    ],
)
def test_the_bands(mine, share):
    key = encounters.load(CLINIC).key
    got, told = casebook.share(Submission(mine.split()), Submission(key.codes), CLINIC, "codes", ["Z82.49"])
    assert (type(got), got) == (float, share)
    assert not any(code in told for code in set(key.codes) - set(mine.split()))


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (["S93.401A"], "should be text"),
        ("no-such-chart | I10", "is no chart of this group"),
        (f"{CLINIC} | I10\n{CLINIC} | I10", "has two rows"),
        (f"{CLINIC} I10", "is no chart of this group"),
        (f"{CLINIC} | I10 | 99285 | more", "has 4 columns"),
        (f"{CLINIC} | I10 | 992855", "is no service"),
        ("chart | diagnoses\n...  # your code goes here", "No chart is coded yet"),
        (f"{CLINIC} | ", "No chart is coded yet"),
    ],
)
def test_a_table_that_cannot_be_read_says_why(table, told):
    with pytest.raises(AssertionError, match=re.escape(told)):
        casebook.check(table, [CLINIC, "curb-and-a-bottle"])


def test_the_check_without_a_key_tells_the_findings_of_the_code_book(capsys):
    casebook.check(f"{CLINIC} | T44.7X1 I10 | 99285", [CLINIC, "curb-and-a-bottle"])
    told = capsys.readouterr().out
    assert f"{CLINIC}: 2 diagnoses, 1 service.\n  error, T44.7X1" in told
    assert "curb-and-a-bottle: no codes yet." in told


def test_services_are_read_with_modifiers_and_units():
    (one,) = casebook.read(f"{CLINIC} | i10 | 99214-25 20610-rt j3301x4", [CLINIC]).values()
    assert [(s.code, list(s.modifiers), s.units) for s in one.procedures] == [
        ("99214", ["25"], 1),
        ("20610", ["RT"], 1),
        ("J3301", [], 4),
    ]


def test_a_grader_that_was_replaced_would_be_noticed(root):
    """The line that `nbgrader_config.py` runs after each student's code fails in an honest kernel."""
    line = next(line for line in (root / "nbgrader_config.py").read_text().splitlines() if "canary" in line)
    with pytest.raises(AssertionError):
        exec(line.strip().strip('",'), {})
