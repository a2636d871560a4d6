"""Each measure on lists worked out by hand, and what a grade may rest on."""

import numpy as np
import pandas as pd
import pytest

from course_lib import coding, encounters
from course_lib.coding import Line, Submission, score
from course_lib.errors import CourseError

KEY = ["E11.22", "N18.4", "Z79.4"]
MEASURES = ("precision", "recall", "f1", "code_over_code", "hierarchical", "sequencing")


def measures(submitted, expected=KEY, **options):
    return [round(value, 4) for value in score(submitted, expected, **options).measures.values()]


@pytest.mark.parametrize(
    ("submitted", "worked_out"),
    [
        (KEY, [1, 1, 1, 1, 1, 1]),
        # 2 right of 3, 3 in the key: union of 4; E11.21 shares 4 of 5 characters with E11.22; first near.
        (["E11.21", "N18.4", "Z79.4"], [0.6667, 0.6667, 0.6667, 0.5, 0.9333, 0.6667]),
        (["E11.22", "N18.4"], [1, 0.6667, 0.8, 0.6667, 0.8, 1]),
        ([*KEY, "I10"], [0.75, 1, 0.8571, 0.75, 0.8571, 0.75]),
        # N18 says to code diabetic kidney disease first, and E11.22 is the key's first.
        (["N18.4", "E11.22", "Z79.4"], [1, 1, 1, 1, 1, 0]),
        (["E11.22", "E11.22", "N18.4", "Z79.4"], [0.75, 1, 0.8571, 0.75, 0.8571, 0.75]),
        ([], [0, 0, 0, 0, 0, 0]),
        (["J45.20"], [0, 0, 0, 0, 0, 0]),
    ],
)
def test_the_measures_are_those_worked_out_by_hand(submitted, worked_out):
    assert measures(submitted) == worked_out


def test_case_and_dots_do_not_matter_and_a_misplaced_dot_is_an_error():
    assert score(["e1122", " N18.4", "Z794"], KEY).exact
    assert measures(["E1.122"], ["E11.22"]) == [0] * 6
    assert [f.kind for f in score(["E1.122"], ["E11.22"]).findings] == ["invalid", "missing"]


def test_the_order_of_other_diagnoses_is_free_unless_a_note_binds_it():
    assert score(["R07.9", "E11.9", "I10"], ["R07.9", "I10", "E11.9"]).exact
    bound = score(["I10", "Z79.84", "E11.9"], ["I10", "E11.9", "Z79.84"])
    assert (bound.exact, bound.f1, round(bound.sequencing, 4)) == (False, 1.0, 0.3333)
    assert [f.kind for f in bound.findings] == ["order"]


def test_an_order_that_the_key_itself_has_is_no_error():
    odd = ["Z79.84", "E11.9"]
    assert score(odd, odd).exact


def test_two_empty_lists_agree_and_an_empty_key_is_not_met_by_codes():
    assert measures([], []) == [1] * 6
    assert score([], []).exact
    assert measures(["I10"], []) == [0] * 6


def test_optional_codes_neither_help_nor_harm():
    key, extra = ["S93.401A"], ["W10.9XXA"]
    assert score(["S93.401A", "W10.9XXA"], key, optional=extra).exact
    assert measures(["S93.401A", "W10.9XXA"], key, optional=extra) == [1] * 6
    assert score(["S93.401A"], key, optional=extra).exact
    assert score(["S93.401A", "W10.9XXA", "W10.9XXA"], key, optional=extra).precision == 0.5
    first = score(["W10.9XXA", "S93.401A"], key, optional=extra)
    assert first.sequencing == 0
    assert {f.kind for f in first.findings} == {"order"}


def test_procedures_count_and_their_details_decide_whether_it_is_exact():
    key = Submission(["S93.401A"], [Line("99213", ["25"], 1, ["A"]), Line("P0001", pointers=["A"])])
    assert score(key, key).exact
    plain = score(Submission(["S93.401A"], [Line("99213", pointers=["A"])]), key)
    assert (plain.precision, round(plain.recall, 4), plain.exact) == (1.0, 0.6667, False)
    assert [f.kind for f in plain.findings] == ["missing", "modifier"]


def test_a_procedure_among_the_diagnoses_is_no_procedure():
    key = Submission(["I10"], [Line("99213", pointers=["A"])])
    assert score(Submission(["I10", "99213"], []), key).f1 == 0.5


def test_figures_are_plain_floats():
    got = score(["E11.21"], KEY)
    assert [type(getattr(got, name)) for name in MEASURES] == [float] * 6
    assert type(got.exact) is bool
    assert tuple(got.measures) == MEASURES == coding.MEASURES


# What a learner could hand in to earn something without coding.
def test_flag_everything_loses_on_each_measure_that_a_grade_may_use(book):
    everything = [code.code for code in book.billable()]
    for name in ("ankle-sprain-clinic", "cough-fever-ward", "chest-pain-emergency"):
        got = encounters.load(name).score(everything)
        assert got.recall == 1.0, "recall alone is no grade"
        assert not got.exact
        assert max(got.precision, got.f1, got.code_over_code, got.hierarchical, got.sequencing) < 0.001


def test_a_category_flagged_whole_earns_less_than_one_good_guess(book):
    flood = [leaf.code for leaf in book.leaves("S93.4")]
    guess = score(["S93.402A"], ["S93.401A"])
    flooded = score(flood, ["S93.401A"])
    assert max(flooded.f1, flooded.hierarchical, flooded.sequencing) < 0.05 < guess.hierarchical
    assert score(["S93.401A"] * 5, ["S93.401A"]).f1 < 0.5


class Yes(str):
    """Equal to everything."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return hash("E1122")

    def strip(self, *_: object) -> str:
        return "E11.22"


def test_an_object_that_claims_to_be_the_answer_is_only_its_text():
    assert score([Yes("J45.20")], ["E11.22"]).f1 == 0
    assert score([np.str_("E11.22")], ["E11.22"]).exact


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, "no list of codes, but of type NoneType"),
        ("E11.22", "no list of codes, but of type str"),
        (..., "of type ellipsis"),
        (pd.Series(["E11.22"]), "of type Series"),
        ([None], "holds what is no text"),
        (["E11.22", 7], "holds what is no text"),
        (Submission("E11.22"), "no list where one is due"),
        (Submission(["E11.22"], "99213"), "are no list"),
        (Submission(["E11.22"], ["99213"]), "is no line, but of type str"),
        (Submission(["E11.22"], [Line("99213", units=1.0)]), "no whole number"),
        (Submission(["E11.22"], [Line("99213", modifiers="25")]), "no list where one is due"),
    ],
)
def test_what_is_no_list_of_codes_is_told(answer, said):
    with pytest.raises(CourseError) as caught:
        score(answer, KEY)
    assert said in str(caught.value)
    assert caught.value.remedy


def test_a_chart_scores_by_its_own_date_setting_and_reasons():
    chart = encounters.load("chest-pain-emergency")
    assert chart.score(chart.key.codes).exact
    assert chart.score(chart.key.submission).exact
    worse = chart.score([*chart.key.codes, "K21.9"])
    (finding,) = worse.findings
    assert (finding.kind, finding.codes) == ("setting", ("K21.9",))
    assert "only possible" in finding.message
    assert "IV.H" in finding.source


def test_a_chart_without_a_key_is_not_scored():
    import dataclasses

    chart = dataclasses.replace(encounters.load("chest-pain-emergency"), key=None)
    with pytest.raises(CourseError, match="no key for 'chest-pain-emergency'"):
        chart.score(["R07.9"])
