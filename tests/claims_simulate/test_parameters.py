"""The parameter file: complete, true to its sources, and refused when it is not."""

import pytest

from course_lib import cpt, datasets, icd10cm
from course_lib.claims.simulation import model, parameter_table, parameters
from course_lib.errors import CourseError

FACTORS = {2025: 32.3465, 2026: 33.4009}  # dollars per RVU, CMS final rules; 2026 for those not in an APM


@pytest.fixture(scope="module")
def params():
    return parameters.load()


def broken(params, **changed):
    """Return the model of the parameters with some values replaced."""
    entries = dict(params.entries)
    for name, value in changed.items():
        old = entries[name]
        entries[name] = parameters.Parameter(value, old.status, old.source, old.year)
    return model.make(parameters.Parameters(entries))


def test_every_parameter_says_how_far_to_trust_it():
    table = parameter_table()
    assert set(table["status"]) == {"measured", "published", "assumed"}
    assert (table["source"].str.len() >= 10).all()
    assert table["year"].between(2000, 2026).all()
    assert table["name"].is_unique and len(table) > 100


def test_measured_fees_are_the_rvus_times_the_factor_of_their_year(params):
    sample, checked = cpt.load(), 0
    for name, fee in params.items():
        code = name.removeprefix("fee.")
        if code == name or fee.status != "measured" or code not in sample:
            continue
        entry = sample[code]
        rvu = entry.parts["26"] if code == "71046" else entry.rvu
        total = rvu.total(facility="facility" in fee.source)
        assert fee.value == pytest.approx(round(total * FACTORS[rvu.year], 2), abs=0.011), code
        assert fee.year == rvu.year
        checked += 1
    assert checked > 18


def test_assumed_fees_have_no_rvus_in_the_sample(params):
    sample = cpt.load()
    for name, fee in params.items():
        code = name.removeprefix("fee.")
        if name != code and fee.status == "assumed" and code in sample:
            assert sample[code].rvu is None, code


def test_every_service_has_a_price(params):
    ready = model.build()
    billed = {s.code for r in ready.reasons.values() for s in r.services if s.code}
    for kind in ("established", "new", "emergency"):
        billed |= set(params.get_as(f"visit_levels.{kind}", dict[str, float]))
    billed |= set(params.get_as("labs", dict[str, float]))
    assert billed == set(ready.codes)


def test_every_diagnosis_is_billable_and_every_truncation_is_a_header(params):
    book = icd10cm.load()
    codes = {d.codes for r in model.build().reasons.values() for d in r.diagnoses} - {"chronic"}
    for name in ("diabetes", "diabetes_drug", "kidney", "depression"):
        codes |= set(params.get_as(f"codes.{name}", dict[str, float]))
    for one in params.get_as("codes.obesity", list[parameters.ObesityClass]):
        codes |= {one.old, one.new, one.bmi}
    truncations = params.get_as("truncations", dict[str, str])
    assert all(book[code].billable for code in codes | set(truncations))
    assert not any(book[header].billable for header in truncations.values())
    assert all(code.startswith(header) for code, header in truncations.items())


def test_shares_are_shares(params):
    for name in params:
        if name.startswith(("codes.", "visit_levels.")) and name != "codes.obesity":
            assert sum(params.get_as(name, dict[str, float]).values()) == pytest.approx(1, abs=0.001), name
    for problem in params.group("problem", parameters.Problem).values():
        assert all(0 <= x <= 1 for x in (problem.rate, problem.denied, problem.worked, problem.won))
        assert problem.what in ("claim", "visit", "procedure", "units")


def test_reasons_of_denial_are_explained(params):
    known = set(datasets.read_csv("claims/carc.csv")["carc"])
    assert {p.carc for p in params.group("problem", parameters.Problem).values()} <= known


def test_more_visits_than_the_survey_has_are_refused(params):
    reason = dict(params["reason.cold"].value) | {"per_100": [900, 18, 7, 7, 8, 8]}
    with pytest.raises(CourseError, match="more visits than the survey"):
        broken(params, **{"reason.cold": reason})


def test_a_wrong_key_or_a_wrong_kind_is_named(params):
    with pytest.raises(CourseError, match=r"'reason\.cold' is not right: unknown key"):
        broken(params, **{"reason.cold": {**params["reason.cold"].value, "mention": 1}})
    with pytest.raises(CourseError, match=r"'problem\.duplicate'"):
        broken(params, **{"problem.duplicate": {**params["problem.duplicate"].value, "rate": "often"}})


def test_a_window_of_half_a_year_is_refused(params):
    with pytest.raises(CourseError, match="whole fiscal years"):
        broken(params, window=["2024-01-01", "2026-09-30"])


def test_an_entry_without_its_source_is_named_with_its_line(tmp_path):
    file = tmp_path / "parameters.yaml"
    file.write_text(
        "seed: {value: 1, status: assumed, source: any, year: 2026}\nx: {value: 1, status: assumed}\n"
    )
    with pytest.raises(CourseError) as why:
        parameters.read(file)
    assert "source" in str(why.value) and ":2:" in str(why.value)


def test_limits_are_those_of_the_courses_tables(params):
    """One table says how long a payer waits, another how many units a day may have."""
    days = {
        row.payer: int(row.days or 365)
        for row in datasets.read_csv("claims/timely_filing.csv").itertuples()
        if row.days or row.months == "12"
    }
    for name, payer in params.get_as("payers", dict[str, parameters.Payer]).items():
        assert payer.files_within == days[name.split()[0].lower()], name
    ceilings = datasets.read_csv("claims/mue.csv").set_index("code")["units"].astype(int)
    for code, units in params.get_as("excess_units", dict[str, int]).items():
        assert units == ceilings[code] + 1, code
