"""Assignment a07: its messages teach, and the numbers of its model answer are those of the data."""

import pytest

from course_lib import datasets, surveillance
from course_lib.claims import simulate


@pytest.fixture
def bench(benches):
    return benches("a07_public_health")


@pytest.mark.parametrize(
    ("graded", "answer", "told"),
    [
        ("rate", "rate(cases, people, per): ...", "returned nothing"),
        ("rate", "rate(cases, people, per): return str(per * cases / people)", "is text (str)"),
        ("count_cases", "count_cases(table, codes): return len(table)", "should be a dict"),
        (
            "count_cases",
            "count_cases(t, c): return {'claims': 3, 'visits': 3, 'people': 2}",
            "Look at: visits.",
        ),
        ("season", "season(day): return day[:4] + '-' + day[2:4]", "It begins on July 1."),
        (
            "peaks",
            "peaks(s): return {'2022-23': 1.0, '2023-24': 1.0}",
            "0 items are missing and 1 do not belong",
        ),
        ("same_month", "same_month(s, m, a, b): return 25", "should be of type float, but is of type int"),
        ("bridge", "bridge(counts, ratio, since): return counts", "Look at: 2015-09, 2015-10."),
        (
            "coded_share",
            "coded_share(t, m, codes, since): return 40.0",
            "Four are insured; two have the code.",
        ),
        ("adjusted", "adjusted(groups, weights): return 55.0", "0.8 of 10 and 0.2 of 100."),
    ],
)
def test_a_failed_check_teaches(bench, graded, answer, told):
    assert bench.score(graded, f"def {answer}") == 0
    assert told in bench.message


def test_a_hidden_check_does_not_print_its_key(bench):
    assert bench.score("adjusted", lambda groups, weights: 28.0) == 0
    assert "It is 28.0" in bench.message
    assert "48.0" not in bench.message


def test_the_numbers_of_the_model_answer_are_those_of_the_data(bench):
    model = next(c for c in bench.notebook["cells"] if c["id"] == "answer-the-officer")
    said = "".join(model["source"])
    claims = simulate(100_000).claims
    old = surveillance.trend(claims, ["E66.9", "E66.01"])["cases"]
    assert f"{old.head(12).sum():,} in the first year and {old.tail(12).sum()} in\nthe last" in said
    family = surveillance.trend(claims, ["E66"])
    share = [1000 * y["cases"].sum() / y["visits"].sum() for y in (family.head(12), family.tail(12))]
    assert f"{share[0]:.1f} and {share[1]:.1f} in 1,000 visits" in said
    towns = datasets.read_csv("surveillance/two_towns.csv").astype({"cases": int, "people": int})
    for _, part in towns.groupby("town"):
        rates = surveillance.adjust(part[["ages", "cases", "people"]])
        assert f"{1000 * rates.crude:.1f}" in said
        assert f"{1000 * rates.adjusted:.1f}" in said
        assert f"{part['cases'].sum():,}" in said
