"""What the keys themselves must be: met by their own codes, and by no tempting one."""

import pytest

from course_lib import coding, encounters

KEYED = [name for name in encounters.ids() if encounters.load(name).key]


@pytest.mark.parametrize("name", KEYED)
def test_a_key_is_met_by_its_own_codes_and_by_its_optional_ones(name: str) -> None:
    chart = encounters.load(name)
    own = chart.key.submission
    assert chart.score(own).exact
    assert chart.score(chart.key.codes).exact
    for extra in chart.key.optional:
        more = coding.Submission([*own.diagnoses, extra.code], own.procedures)
        assert chart.score(more).measures == chart.score(own).measures


@pytest.mark.parametrize("name", KEYED)
def test_a_tempting_code_costs_and_its_reason_is_told(name: str) -> None:
    chart = encounters.load(name)
    own = chart.key.submission
    for no in chart.key.rejected:
        procedure = coding.Line(no.code, pointers=["A"])
        tempted = (
            coding.Submission(own.diagnoses, [*own.procedures, procedure])
            if not no.code[:1].isalpha() or (len(no.code) == 5 and "." not in no.code)
            else coding.Submission([*own.diagnoses, no.code], own.procedures)
        )
        got = chart.score(tempted)
        assert got.f1 < 1
        assert any(no.code in finding.given for finding in got.findings)


def test_the_set_of_lesson_08_has_twelve_charts_from_all_settings() -> None:
    chosen = [encounters.load(name) for name in encounters.sets()["icd-vs-cpt"]]
    assert len({chart.id for chart in chosen}) == 12
    assert {chart.setting for chart in chosen} == {"outpatient", "emergency", "inpatient"}
    assert all((chart.setting == "inpatient") == (not chart.key.procedures) for chart in chosen)
