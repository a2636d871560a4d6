"""The checks in graded cells: exact about types, silent about the key."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib import checks, coding

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
CODES = st.from_regex(r"[A-TV-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?", fullmatch=True)


@given(PLAIN.filter(lambda value: value is not None))
def test_a_value_is_the_same_as_itself(value):
    checks.same(value, value, "it")


@given(PLAIN, PLAIN)
def test_only_equal_values_of_equal_types_pass(got, expected):
    try:
        checks.same(got, expected, "it")
    except AssertionError:
        return
    assert got == expected or got == pytest.approx(expected, abs=1e-6)
    assert type(got) is type(expected)


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (True, 1), (1.0, 1), ([1], (1,)), ([True], [1]), ({"a": 1.0}, {"a": 1}), ({1}, {True}),
        ({1: 0}, {True: 0}), (np.float64(1), 1.0), (np.str_("a"), "a"), ("a ", "a"),
        (pd.Series([1.0]), pd.Series([1])),
        (pd.Series([1], index=["a"]), pd.Series([1], index=["b"])),
        (pd.DataFrame({"a": [1]}), pd.DataFrame({"b": [1]})), (pd.DataFrame({"a": [1]}), pd.Series([1])),
    ],
)  # fmt: skip
def test_near_misses_fail(got, expected):
    with pytest.raises(AssertionError):
        checks.same(got, expected, "it")


def test_pandas_objects_compare_by_value():
    checks.same(pd.Series({4: 3}, name="n"), pd.Series({4: 3}), "it")
    checks.same(pd.DataFrame({"a": [1, 2]}), pd.DataFrame({"a": [1, 2]}), "it")
    checks.same({"b": 1, "a": 2}, {"a": 2, "b": 1}, "it")


@given(CODES, CODES)
def test_a_message_about_a_code_never_has_the_key(got, expected):
    if got == expected:
        return
    with pytest.raises(AssertionError) as told:
        checks.code(got, expected, "it")
    assert expected not in str(told.value).replace(repr(got), "")


@pytest.mark.parametrize(
    ("got", "mistake"),
    [
        ("S52.501", "right category, but a 7th character is missing"),
        ("s52.501a", "the right characters, but not written as the book prints them"),
        ("S52.501D", "right up to the sixth character, but another 7th character"),
        ("S52.A", "the last character does not stand in seventh place"),
        ("S52.502A", "right category, but other detail"),
        ("S42.001A", "another category"),
        ("S52.501XA", "more than seven characters"),
    ],
)
def test_a_coding_mistake_has_a_name(got, mistake):
    assert mistake in coding.coding_mistake(got, "S52.501A")


def test_a_gap_filled_with_something_else_is_told():
    assert coding.coding_mistake("W19.000A", "W19.XXXA").endswith("the gap is not filled with X")


def test_less_detail_is_told():
    assert coding.coding_mistake("J44", "J44.1") == "right category, but more detail is needed"


def test_credit_counts_whole_groups_and_says_which_failed(capsys):
    groups = {"small": {1: 2, 2: 4}, "large": {10: 20, 11: 0}, "strange": {"x": 1}}
    earned = checks.credit(3, lambda n: n * 2, groups)
    assert type(earned) is float
    assert earned == 1.0
    told = capsys.readouterr().out
    assert "Good - small." in told
    assert "Not yet - large: <lambda>(11) is not right. It is 22." in told


def test_credit_for_codes_names_the_coding_mistake(capsys):
    groups = {"sides": {"A": "M75.01"}}
    assert checks.credit(2, lambda letter: "M75.02", groups, check=checks.code) == 0.0
    told = capsys.readouterr().out
    assert "right category, but other detail" in told
    assert "M75.01" not in told


def test_an_error_in_the_answer_is_named_with_its_call():
    def ask(book, code):
        return {}[code]

    with pytest.raises(AssertionError, match=r"ask\(1, 'I10'\) stopped with KeyError: 'I10' Look it up"):
        checks.cases(ask, {(1, "I10"): "x"}, "Look it up.")
