"""Every kind of error has its name, and no feedback gives a code of the key away."""

import re

import pytest

from course_lib import coding
from course_lib.coding import Line, Submission, score

OFFICE = Submission(
    ["E11.22", "N18.4"], [Line("99213", ["25"], 1, ["A", "B"]), Line("20610", ["RT"], 2, ["B"])]
)

# Submitted, key, setting, the kinds that must be found (others must not), codes of the first.
CASES = [
    (["E11.2Z"], ["E11.22"], None, ["invalid"], ("E11.2Z", "E11.22")),
    (["nonsense"], ["E11.22"], None, ["invalid", "missing"], ("nonsense",)),
    (["M54.5"], ["M54.50"], None, ["not-specific"], ("M54.5", "M54.50")),
    (["J45.909"], ["J45.20"], None, ["not-specific"], ("J45.909", "J45.20")),
    (["S93.401"], ["S93.401A"], None, ["seventh-character"], ("S93.401", "S93.401A")),
    (["S93.401D"], ["S93.401A"], None, ["seventh-character"], ("S93.401D", "S93.401A")),
    (["S93.402A"], ["S93.401A"], None, ["laterality"], ("S93.402A", "S93.401A")),
    (["S93.409A"], ["S93.401A"], None, ["laterality"], ("S93.409A", "S93.401A")),
    (["E11.21"], ["E11.22"], None, ["extra", "missing"], ("E11.21",)),
    (["I10", "I10"], ["I10"], None, ["extra"], ("I10",)),
    (["I10", "E78.5"], ["I10"], None, ["extra"], ("E78.5",)),
    (["I10"], ["I10", "E78.5"], None, ["missing"], ("E78.5",)),
    (["E78.5", "I10"], ["I10", "E78.5"], None, ["order"], ("E78.5", "I10")),
    (["E78.5", "I10"], ["I10", "E78.5"], "inpatient", ["order"], ("E78.5", "I10")),
    (["E11.22", "E10.9", "N18.4"], ["E11.22", "N18.4"], None, ["excludes1", "extra"], ("E10.9", "E11.22")),
]  # fmt: skip


@pytest.mark.parametrize(("submitted", "key", "setting", "kinds", "codes"), CASES)
def test_an_error_of_a_diagnosis_has_its_name(submitted, key, setting, kinds, codes):
    found = score(submitted, key, setting=setting).findings
    assert [f.kind for f in found] == kinds
    assert found[0].codes == codes
    assert all(f.message and f.source for f in found)
    assert all(set(f.given) <= {*submitted, *(c.upper() for c in submitted)} for f in found)


def test_a_code_that_had_ended_is_invalid():
    (found,) = score(["R10.2"], ["R10.20"], on="2026-05-01").findings
    assert found.kind == "not-specific"
    found = score(["Z99.999"], ["Z99.89"]).findings
    assert found[0].kind == "invalid"


def test_the_setting_decides_on_an_uncertain_diagnosis():
    why = {"J18.9": ("Pneumonia is only suspected.", "ICD-10-CM Official Guidelines FY2026, Section IV.H")}
    found = score(["J18.9"], ["R05.9"], setting="outpatient", reasons=why).findings
    assert [(f.kind, f.codes) for f in found] == [("setting", ("J18.9",)), ("missing", ("R05.9",))]
    assert "only suspected" in found[0].message
    plain = score(["J18.9"], ["R05.9"], setting="outpatient").findings
    assert [f.kind for f in plain] == ["extra", "missing"]


# Lines in place of those of OFFICE, and the kinds that must be found.
LINES = [
    ([Line("99213", ["25"], 1, ["A"]), Line("20610", ["RT"], 2, ["B"])], []),
    ([Line("99213", ["25"], 1, ["B", "A"]), Line("20610", ["RT"], 2, ["B", "A"])], []),
    ([Line("99213", [], 1, ["A"]), Line("20610", ["RT"], 2, ["B"])], ["modifier"]),
    ([Line("99213", ["25"], 1, ["A"]), Line("20610", ["LT"], 2, ["B"])], ["modifier"]),
    ([Line("99213", ["25"], 1, ["A"]), Line("20610", ["RT"], 1, ["B"])], ["units"]),
    ([Line("99213", ["25"], 1, []), Line("20610", ["RT"], 2, ["B"])], ["unlinked"]),
    ([Line("99213", ["25"], 1, ["C"]), Line("20610", ["RT"], 2, ["B"])], ["unlinked"]),
    ([Line("99213", ["25"], 1, ["A"]), Line("20610", ["RT"], 2, ["A"])], ["unlinked"]),
    ([Line("99213", ["25"], 1, ["A"])], ["missing"]),
    ([Line("99213", ["25"], 1, ["A"]), Line("20610", ["RT"], 2, ["B"]), Line("36415")], ["extra"]),
    ([Line("99213", ["25"], 1, ["A"]), Line("20610", ["RT"], 2, ["B"]), Line("99284")], ["setting"]),
    ([Line("99213", ["25"], 1, ["A"]), Line("20610", ["RT"], 2, ["B"]), Line("0SJC3ZZ")], ["setting"]),
    ([Line("99213", ["25"], 1, ["A"]), Line("20610", ["RT"], 2, ["B"]), Line("9921")], ["invalid"]),
    ([Line("99213", ["25"], 1, ["A"]), Line("20610", ["RT"], 2, ["B"]), Line("0042T")], ["invalid"]),
]


@pytest.mark.parametrize(("lines", "kinds"), LINES)
def test_an_error_of_a_procedure_has_its_name(lines, kinds):
    got = score(Submission(OFFICE.diagnoses, lines), OFFICE, on="2026-05-12", setting="outpatient")
    assert [f.kind for f in got.findings] == kinds
    assert got.exact == (not kinds)


@pytest.mark.parametrize(("code", "setting", "kind"), [
    ("99213", "emergency", "setting"), ("99284", "emergency", "extra"), ("99232", "inpatient", "extra"),
    ("99213", "inpatient", "setting"), ("99291", "outpatient", "setting"), ("99213", None, "extra"),
    ("0SJC3ZZ", "inpatient", "extra"),
])  # fmt: skip
def test_a_visit_belongs_to_its_setting(code, setting, kind):
    (found,) = score(
        Submission(["I10"], [Line(code, pointers=["A"])]), Submission(["I10"]), setting=setting
    ).findings
    assert found.kind == kind


def test_letters_count_from_the_list_as_it_was_submitted():
    key = Submission(["S93.401A", "I10"], [Line("99213", pointers=["B"])])
    mine = Submission(["S93.401A", "W10.9XXA", "I10"], [Line("99213", pointers=["C"])])
    assert score(mine, key, optional=["W10.9XXA"]).exact


def test_a_near_miss_still_carries_the_link():
    key = Submission(["S93.401A"], [Line("99213", pointers=["A"])])
    mine = Submission(["S93.402A"], [Line("99213", pointers=["A"])])
    assert [f.kind for f in score(mine, key).findings] == ["laterality"]


def test_two_lines_of_one_code_are_paired_by_their_modifiers():
    key = Submission(["M17.0"], [Line("20610", ["RT"], 1, ["A"]), Line("20610", ["LT"], 1, ["A"])])
    mine = Submission(["M17.0"], [Line("20610", ["LT"], 1, ["A"]), Line("20610", ["RT"], 1, ["A"])])
    assert score(mine, key).exact


def test_feedback_names_no_code_of_the_key_and_every_kind_has_a_sentence():
    seen = set()
    for submitted, key, setting, kinds, _ in CASES:
        said = " ".join(score(submitted, key, setting=setting).feedback())
        assert said
        assert set(re.findall(r"[A-Z]\d\w(?:\.\w+)?", said)) <= set(submitted)
        seen |= set(kinds)
    for lines, kinds in LINES:
        mine = Submission(OFFICE.diagnoses, lines)
        assert len(score(mine, OFFICE, on="2026-05-12", setting="outpatient").feedback()) == len(kinds)
        seen |= set(kinds)
    assert seen == set(coding.KINDS)


def test_feedback_counts_what_is_missing_and_does_not_list_a_flood():
    said = score([f"Z{n}" for n in range(10, 99)], ["I10", "E78.5"]).feedback()
    assert said[-1] == "Codes that are missing: 2."
    assert all(len(sentence) < 160 for sentence in said)


def test_the_frame_is_for_reviewers_and_the_shown_score_is_not():
    got = score(["S93.401D"], ["S93.401A"])
    frame = got.to_frame()
    assert list(frame.columns) == ["kind", "codes", "message", "source"]
    assert frame.loc[0, "codes"] == "S93.401D, S93.401A"
    assert frame.attrs["hierarchical"] == got.hierarchical
    assert "S93.401A" not in repr(got)
    assert "hierarchical=0.86" in repr(got)
