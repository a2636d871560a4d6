"""What a stay and a year of diagnoses are worth, and what the extras do not know."""

import builtins
from datetime import date

import pytest

from course_lib import claims
from course_lib.claims import grouper, risk
from course_lib.claims.tables import rows
from course_lib.errors import CourseError

PNEUMONIA = "J18.9"


def test_severity_moves_a_stay_from_group_to_group():
    stay = claims.drg([PNEUMONIA, "N17.9", "J96.01", "I10"], sex="F", on=date(2026, 6, 1))
    frame = stay.to_frame().set_index("diagnoses")
    assert stay.drg == "193" and stay.weight == 1.3144 and stay.version == "v43.1"
    assert frame.loc["principal only", "drg"] == "195"
    assert frame.loc["with N17.9", ["level", "drg", "weight"]].tolist() == ["CC", "194", 0.8059]
    assert frame.loc["with J96.01", ["level", "drg", "weight"]].tolist() == ["MCC", "193", 1.3144]
    assert frame.loc["with I10", ["level", "drg"]].tolist() == ["", "195"]
    assert "PNEUMONIA" in repr(stay) and "<table" in stay._repr_html_()


@pytest.mark.parametrize(
    ("diagnoses", "procedures", "group"),
    [
        (["A41.9", "R65.21"], [], "871"),
        (["M17.11"], ["0SRC0J9"], "470"),
        (["K80.00"], ["0FT44ZZ"], "419"),
        (["I50.23"], [], "293"),
    ],
)
def test_known_groups(diagnoses, procedures, group):
    assert claims.drg(diagnoses, procedures, sex="M", on=date(2026, 6, 1)).drg == group


def test_the_weights_are_those_of_table_5():
    weights = {row["drg"]: row["weight"] for row in rows("drg_weights")}
    assert len(weights) == 770
    assert (weights["470"], weights["871"], weights["291"]) == ("1.9289", "1.9425", "1.2838")


def test_a_stay_of_another_year_has_a_group_and_no_weight():
    stay = claims.drg([PNEUMONIA], sex="F", on=date(2025, 6, 1))
    assert stay.version == "v42.1" and stay.drg == "195" and stay.weight is None
    assert "2026 only" in stay.notes[0] and stay.to_frame()["weight"].isna().all()


def test_a_newborn_gets_a_warning_about_the_grouper():
    assert "birth weight" in claims.drg(["Z38.00"], sex="F", on=date(2026, 6, 1)).notes[0]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"diagnoses": ["V43.52XA"]}, "leads to no MS-DRG"),
        ({"diagnoses": ["J18.99"]}, "J18.99 is not reportable on"),
        ({"diagnoses": [PNEUMONIA, "E11"]}, "E11 is not reportable on"),
        ({"diagnoses": []}, "no list of diagnoses"),
        ({"diagnoses": PNEUMONIA}, "no list of diagnoses"),
        ({"diagnoses": [PNEUMONIA], "sex": "f"}, "the sex is 'f'"),
        ({"diagnoses": [PNEUMONIA], "procedures": ["0FT4"]}, "shape of an ICD-10-PCS code"),
        ({"diagnoses": [PNEUMONIA], "procedures": ["0FTO4ZZ"]}, "never I or O"),
        ({"diagnoses": [PNEUMONIA], "on": date(2026, 10, 1)}, "no grouper for a discharge on 2026-10-01"),
        ({"diagnoses": [PNEUMONIA], "on": date(2018, 1, 1)}, "It covers 2018-10-01 to 2026-09-30"),
    ],
)
def test_what_cannot_be_grouped_is_told(arguments, says):
    with pytest.raises(CourseError) as told:
        claims.drg(**{"sex": "F", "on": date(2026, 6, 1), **arguments})
    assert says in str(told.value)


def test_specific_codes_raise_the_score_term_by_term():
    plain = claims.hcc(["E11.9", "I10"], age=70, sex="F")
    specific = claims.hcc(["E11.22", "N18.4", "I50.22"], age=70, sex="F")
    assert plain.score == 0.561 and specific.score == 1.723
    assert plain.not_counted == ("I10",)
    frame = specific.to_frame().set_index("name")
    assert frame.loc["HCC 327", "diagnoses"] == "N18.4" and frame.loc["HCC 327", "coefficient"] == 0.514
    assert frame["coefficient"].sum() == pytest.approx(specific.score)
    assert set(frame["kind"]) == {"age and sex", "condition", "together"}
    assert "1.723" in repr(specific) and "<table" in specific._repr_html_()


def test_the_severer_category_takes_the_place_of_the_milder_one():
    told = claims.hcc(["E11.22", "E11.9"], age=70, sex="F")
    assert told.outranked == {"HCC 38": ("E11.9",)} and told.not_counted == ()
    assert told.score == claims.hcc(["E11.22"], age=70, sex="F").score


def test_order_repeats_and_dots_do_not_matter():
    score = claims.hcc(["E11.22", "N18.4"], age=70, sex="M").score
    assert claims.hcc(["N184", "e11.22", "E1122"], age=70, sex="M").score == score


def test_terms_stand_in_the_order_of_their_numbers():
    told = claims.hcc(["N18.32", "I50.22", "E11.22"], age=70, sex="F")
    names = [part.name for part in told.parts]
    assert names[:4] == ["F70_74", "HCC 37", "HCC 226", "HCC 328"]
    assert names[4:] == sorted(names[4:]) and {part.kind for part in told.parts[4:]} == {"together"}


def test_two_models_give_two_scores():
    assert claims.hcc(["E11.9"], age=70, sex="F", model="V24").score == 0.491


def test_a_younger_person_has_medicare_by_disability():
    assert claims.hcc([], age=50, sex="M").parts[0].name == "M45_54"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"model": "V99"}, "no model 'V99'"),
        ({"sex": "x"}, "the sex is 'x'"),
        ({"age": 200}, "200 years"),
        ({"diagnoses": "E11.9"}, "came as one text"),
    ],
)
def test_what_cannot_be_scored_is_told(arguments, says):
    with pytest.raises(CourseError) as told:
        claims.hcc(**{"diagnoses": ["E11.9"], "age": 70, "sex": "F", **arguments})
    assert says in str(told.value)


@pytest.mark.parametrize(
    ("package", "call"),
    [
        ("drgpy", lambda: claims.drg([PNEUMONIA], sex="F", on=date(2026, 6, 1))),
        ("hccinfhir", lambda: claims.hcc(["E11.9"], age=70, sex="F")),
    ],
)
def test_without_the_extra_it_says_what_to_install(monkeypatch, package, call):
    real = builtins.__import__

    def missing(name, *rest, **more):
        if name.split(".")[0] == package:
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", missing)
    grouper._loaded.cache_clear()
    risk._model.cache_clear()
    with pytest.raises(CourseError, match=r"crosswalk-course\[payers\]"):
        call()
