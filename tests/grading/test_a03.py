"""Assignment a03: its messages teach, and its keys pass the tutor on their days."""

import pytest


@pytest.fixture
def bench(benches):
    return benches("a03_guidelines")


@pytest.mark.parametrize(
    ("graded", "answer", "told"),
    [
        ("code_year", "code_year(visit): return '2026'", "should be of type int"),
        ("code_year", "code_year(visit): return 2026", "Which day of the stay counts?"),
        ("reportable", "reportable(code, day): return code in book", "is not right. It is True"),
        ("in_order", "in_order(one, other): return [other, one]", "in another order"),
        ("symptoms", "without_symptoms(codes): return codes", "0 items are missing and 2 do not belong"),
        ("symptoms", "without_symptoms(codes): return codes[:1]", "1 items are missing"),
    ],
)
def test_a_failed_check_teaches(bench, graded, answer, told):
    assert bench.score(graded, f"def {answer}") == 0
    assert told in bench.message


def test_the_visits_are_answered_by_the_tutor_and_no_key_is_told(bench, capsys):
    mine = {"X": ["J20.9", "I10"], "E": ["I10", "I50.9", "N18.31"], "I": ["H66.91", "H66.92"]}
    assert bench.score("eleven_visits", lambda letter: mine[letter]) == 0
    told = capsys.readouterr().out
    assert "A is not answered yet." in told
    assert "warning: Hypertension with heart failure is one combination code" in told
    assert "K80.00" not in told
    assert "R63.6" not in told


def test_each_key_passes_the_tutor_on_its_day(bench):
    namespace = dict(bench.namespace)
    exec(bench.solution("eleven_visits"), namespace)
    book, coded = namespace["book"], namespace["coded"]
    for letter in "ABCDEFGHIJK":
        setting = "inpatient" if letter in "DF" else "emergency" if letter == "C" else "outpatient"
        day = "2026-09-30" if letter == "K" else "2026-06-15"
        found = book.check(coded(letter), on=day, setting=setting)
        assert [f for f in found if f.severity != "info"] == [], letter


def test_the_titles_behind_the_hypertension_question(bench):
    book = bench.namespace["book"]
    for code in ("I12.0", "I13.2"):
        assert "stage 5 chronic kidney disease" in book[code].title
    for code in ("I12.9", "I13.0"):
        assert "stage 1 through stage 4" in book[code].title
    assert {"I11", "I12", "I13"} <= {book[code].parent for code in ("I11.0", "I12.9", "I13.0")}
