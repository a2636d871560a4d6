"""Prices: to the cent against published amounts, by laws, and clear about what is not known."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib import claims
from course_lib.claims.pricing.rates import _rvus, conversion_factor, gpci, rvu
from course_lib.claims.tables import rows
from course_lib.codes.tables import rows as code_rows
from course_lib.errors import CourseError


@pytest.fixture(scope="session")
def amount(claim, line):
    """The price of one service."""

    def of(code, place="11", *, year=2026, locality=None, modifiers=(), units=1):
        service = line(code, place_of_service=place, modifiers=modifiers, units=units)
        return claims.price(claim(service), year, locality).total

    return of


# code, modifier, place, national amount 2026 as CMS's file gives it (RVU26A), see the CPT sample
NATIONAL_2026 = [
    ("99212", "", "11", "59.45"), ("99212", "", "22", "31.06"),
    ("99213", "", "11", "95.19"), ("99213", "", "22", "57.45"),
    ("99214", "", "11", "135.61"), ("99214", "", "22", "84.50"),
    ("99215", "", "11", "192.39"), ("99215", "", "22", "125.59"),
    ("99232", "", "21", "70.48"), ("20610", "", "11", "68.81"), ("20610", "", "24", "39.75"),
    ("29881", "", "24", "515.71"), ("27447", "", "21", "1159.35"),
    ("71046", "", "11", "33.07"), ("71046", "26", "22", "10.02"), ("71046", "26", "11", "10.02"),
    ("71046", "TC", "11", "23.05"), ("93000", "", "11", "15.36"),
    ("99490", "", "11", "66.13"), ("99490", "", "22", "43.76"), ("99453", "", "11", "21.71"),
    ("G2211", "", "11", "17.37"), ("G2211", "", "22", "14.36"),
    # totals only
    ("99203", "", "11", "117.57"), ("99203", "", "22", "71.48"), ("99285", "", "23", "171.35"),
    ("45378", "", "22", "164.67"), ("96372", "", "11", "15.36"), ("97110", "", "11", "29.06"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "part", "place", "dollars"), NATIONAL_2026)
def test_the_national_amount_of_2026(amount, code, part, place, dollars):
    assert amount(code, place, modifiers=(part,) if part else ()) == Decimal(dollars)


@pytest.mark.parametrize(
    ("code", "part", "place", "dollars"),
    [
        ("99213", "", "11", "104.89"), ("99213", "", "22", "60.24"), ("99214", "", "11", "148.89"),
        ("99232", "", "21", "73.75"), ("20610", "", "11", "75.49"), ("71046", "26", "22", "10.68"),
        ("71046", "TC", "11", "27.09"), ("93000", "", "11", "17.02"), ("29881", "", "24", "553.33"),
    ],
)  # fmt: skip
def test_los_angeles_2026_agrees_with_another_implementation(amount, code, part, place, dollars):
    """Amounts of seen-institute/worth (tests/test_published_rates.py), computed from the same CMS rows."""
    assert amount(code, place, locality="CA-18", modifiers=(part,) if part else ()) == Decimal(dollars)


@pytest.mark.parametrize(
    ("code", "year", "dollars"),
    [
        ("99213", 2021, "92.47"), ("99213", 2022, "92.05"), ("99213", 2023, "90.82"),
        ("99213", 2024, "90.87"), ("99213", 2025, "88.95"), ("99214", 2021, "131.20"),
        ("99214", 2022, "129.77"), ("99214", 2023, "128.43"), ("99214", 2024, "128.16"),
        ("99214", 2025, "125.18"), ("99202", 2025, "69.87"), ("99203", 2025, "109.01"),
        ("99204", 2025, "163.35"), ("99205", 2025, "215.75"), ("99211", 2025, "22.64"),
        ("99212", 2025, "54.99"), ("99215", 2025, "175.64"), ("93000", 2025, "13.91"),
        ("20610", 2025, "63.40"), ("12001", 2025, "91.22"), ("11102", 2025, "95.75"),
        ("90471", 2025, "20.05"), ("96372", 2025, "13.91"), ("97110", 2025, "28.79"),
        ("G0438", 2025, "160.44"), ("G0439", 2025, "126.47"), ("99291", 2025, "265.56"),
        ("45380", 2025, "414.68"), ("45385", 2025, "435.38"),
    ],
)  # fmt: skip
def test_the_national_amount_of_other_years(amount, code, year, dollars):
    assert amount(code, year=year) == Decimal(dollars)


@pytest.mark.parametrize(
    ("code", "place", "dollars"),
    [
        ("99213", "22", "63.72"),
        ("29881", "24", "538.25"),
        ("66984", "24", "521.75"),
        ("27447", "21", "1257.63"),
    ],
)
def test_the_facility_amount_of_2025(amount, code, place, dollars):
    assert amount(code, place, year=2025) == Decimal(dollars)


def test_2024_has_two_factors_by_day_of_service(claim, line):
    before, after = (claim(line("99213", date=date(2024, 3, d)), filed_on=date(2024, 4, 1)) for d in (8, 9))
    assert claims.price(before).factor == Decimal("32.7442")
    assert claims.price(after).factor == Decimal("33.2875")
    assert claims.price(before).total == (Decimal("2.73") * Decimal("32.7442")).quantize(Decimal("0.01"))


def test_2026_has_two_factors_by_participation(claim):
    assert claims.price(claim()).factor == Decimal("33.4009")
    apm = claims.price(claim(), qualifying_apm=True)
    assert apm.factor == Decimal("33.5675") and apm.total == Decimal("95.67")


def test_every_day_of_six_years_has_one_factor_of_each_kind():
    first, last = date(2021, 1, 1).toordinal(), date(2026, 12, 31).toordinal()
    for ordinal in range(first, last + 1):
        day = date.fromordinal(ordinal)
        fits = [r for r in rows("conversion_factors") if r["start"] <= day.isoformat() <= r["end"]]
        assert sorted(r["qualifying_apm"] for r in fits) in (["any"], ["no", "yes"]), day
    for day in (date(2020, 12, 31), date(2027, 1, 1)):
        with pytest.raises(CourseError, match="no conversion factor"):
            conversion_factor(day)


def test_the_steps_lead_to_the_price(claim):
    told = claims.price(claim(), locality="CA-18")
    steps = told.explain().set_index("step")
    assert steps.loc["Work", "calculation"] == "1.30 x 1.041"
    assert steps.loc["Sum of the three", "result"] == "3.14024"
    assert steps.loc["Times the conversion factor, to the cent", "result"] == "104.89"
    assert "99213" in told.lines[0].source and "2026" in told._repr_html_()
    assert repr(told) == "<Price 2026, CA-18: 104.89 dollars>"


def test_only_the_end_is_rounded(amount):
    """Rounded to 3.14 in between, it would be 104.88."""
    assert amount("99213", locality="CA-18") != (Decimal("3.14") * Decimal("33.4009")).quantize(
        Decimal("0.01")
    )


def test_a_service_of_another_schedule_is_told_and_not_priced(claim):
    told = claims.price(claim("99213", "80053", "36415", "J1885", "1111F", "00100", "P0001", "L1902"))
    assert told.total == Decimal("95.19") and not told.complete
    notes = told.to_frame()["note"].tolist()
    assert "Clinical Laboratory" in notes[1] and "Clinical Laboratory" in notes[2]
    assert "sales price" in notes[3] and "never paid" in notes[4] and "base and time" in notes[5]
    assert "mock code" in notes[6] and "7 of 8 lines not priced" in repr(told)


@pytest.mark.parametrize(
    ("code", "place", "modifiers"), [("27447", "11", ()), ("71046", "22", ()), ("71046", "22", ("TC",))]
)
def test_what_is_marked_na_has_no_price_there(claim, line, code, place, modifiers):
    told = claims.price(claim(line(code, place_of_service=place, modifiers=modifiers)))
    assert told.lines[0].allowed is None and "NA" in told.lines[0].note


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"code": "99213", "year": 2019}, "no RVUs of 99213 for 2019. It has 2021, 2022"),
        ({"code": "11102"}, "no RVUs of 11102 for 2026. It has 2025"),
        ({"code": "G0439"}, "no RVUs of G0439 for 2026"),
        ({"code": "99999"}, "no RVUs of 99999 for 2026. It has none"),
        (
            {"code": "99213", "locality": "NY-01"},
            "no geographic index of 'NY-01' for 2026. For 2026 it has CA-18",
        ),
        ({"code": "99203", "locality": "CA-18"}, "only the total RVUs of 99203"),
        ({"code": "90471", "place": "22"}, "no facility figure of 90471"),
        ({"code": "93000", "modifiers": ("26",)}, "cannot be priced with 26"),
        ({"code": "71046", "modifiers": ("26", "TC")}, "cannot be priced with 26 and TC"),
        ({"code": "71046", "modifiers": ("26",), "year": 2025}, "no RVUs of 71046-26 for 2025"),
        ({"code": "99213", "place": "98"}, "place of service '98'"),
    ],
)
def test_a_gap_is_an_error_and_never_another_years_price(amount, change, says):
    with pytest.raises(CourseError) as told:
        amount(**change)
    assert says in str(told.value)


def test_a_gap_can_be_noted_instead(claim):
    told = claims.price(claim("99213", "G0439"), missing="note")
    assert told.total == Decimal("95.19") and "no RVUs of G0439 for 2026" in told.lines[1].note
    there = claims.price(claim("99203"), locality="CA-18", missing="note")
    assert there.lines[0].allowed is None and "CA-18" in there.lines[0].note


def test_what_is_not_applied_is_said(claim, line):
    told = claims.price(claim(line("20610", modifiers=("50",)), "12001"))
    assert "one and a half times" in told.lines[0].note
    two = claims.price(claim("20610", line("58558")))
    assert "Lines 1 and 2 are procedures of one day" in two.notes[0]
    assert not claims.price(claim("20610", line("58558", date=date(2026, 5, 13)))).notes


@settings(max_examples=40)
@given(units=st.integers(1, 50), code=st.sampled_from(["99213", "20610", "97110", "99203"]))
def test_units_multiply_the_rounded_price(amount, units, code):
    assert amount(code, units=units) == units * amount(code)


@pytest.mark.parametrize("locality", [None, "CA-18"])
def test_the_two_parts_make_the_whole_to_a_cent(amount, locality):
    whole = amount("71046", locality=locality)
    parts = [amount("71046", locality=locality, modifiers=(part,)) for part in ("26", "TC")]
    assert abs(whole - sum(parts)) <= Decimal("0.01")


@pytest.mark.parametrize("row", [r for r in rows("gpci") if r["year"] == "2025"], ids=lambda r: r["locality"])
def test_a_dearer_locality_pays_more(amount, row):
    """Each index above 1 raises the price, each below lowers it, by its own part."""
    national, here = amount("99213", year=2025), amount("99213", year=2025, locality=row["locality"])
    indices = [Decimal(row[name]) for name in ("work", "pe", "mp")]
    low, high = min(indices), max(indices)
    assert low * national - Decimal("0.01") <= here <= high * national + Decimal("0.01")


def test_a_locality_is_found_in_any_case():
    assert gpci(2025, "ny-01").name == "Manhattan" and gpci(2030, None).work == 1


def test_a_row_stands_in_one_table_only():
    sample = {(r["code"], r["modifier"], r["rvu_year"]) for r in code_rows("cpt_sample.csv")}
    others = [(r["code"], r["modifier"], r["year"]) for r in rows("rvus")]
    assert not sample & set(others) and len(set(others)) == len(others)


def test_no_row_says_na_and_gives_a_figure():
    for row in _rvus().values():
        assert not set(row.na) & (set(row.pe) | set(row.total)), row
        assert (row.work is None) == bool(row.total) and (row.work is None) == (row.mp is None), row


def test_the_collapsed_rows_of_public_tables_are_not_taken():
    """Public tables of 2025 hold 45378-53 as 45378, and 71046-TC as 71046."""
    assert rvu("45378", "", 2025) is None and rvu("71046", "", 2025) is None
