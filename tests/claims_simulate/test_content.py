"""Claims as a coder reads them: right where nothing was made wrong, and wrong where it was."""

from collections import Counter

import pandas as pd
import pytest

from course_lib import cpt, datasets, hcpcs, icd10cm
from course_lib.claims.simulation import model

FAULTS_OF_CODES = {"truncated_diagnosis", "conflicting_diagnoses", "wrong_sex"}
EXTRACT = pd.Timestamp("2026-09-30")
MOCK = r"P000[123]"


@pytest.fixture(scope="module")
def book():
    return icd10cm.load()


@pytest.fixture(scope="module")
def kinds(tables):
    return {kind: set(rows["claim"]) for kind, rows in tables.truth.groupby("kind")}


def said(book, claims):
    """Count the errors and warnings of the code book on each distinct list of codes, age and sex."""
    found = Counter()
    for codes, age, sex in set(zip(claims["diagnoses"], claims["age"], claims["sex"], strict=True)):
        for finding in book.check(codes.split(";"), on="2026-06-01", age=age, sex=sex):
            if finding.severity != "info":
                found[finding.kind, finding.codes] += 1
    return found


def test_where_nothing_was_made_wrong_the_codes_are_right(book, tables, kinds):
    bad = set().union(*(kinds[kind] for kind in FAULTS_OF_CODES))
    assert said(book, tables.claims[~tables.claims["claim"].isin(bad)]) == Counter()


@pytest.mark.parametrize("kind", sorted(FAULTS_OF_CODES))
def test_where_the_codes_were_made_wrong_the_code_book_says_so(book, tables, kinds, kind):
    mine = tables.claims[tables.claims["claim"].isin(kinds[kind])].head(40)
    assert len(mine) > 5
    assert all(said(book, mine.iloc[[n]]) for n in range(len(mine)))


def test_the_truth_says_what_should_have_been_filed(tables):
    claims = tables.claims.set_index("claim")
    lines = tables.lines.set_index(["claim", "line"])
    for row in tables.truth.itertuples():
        if row.kind in ("truncated_diagnosis", "conflicting_diagnoses"):
            assert claims.loc[row.claim, "diagnoses"] == row.filed != row.true
        elif row.kind == "raised_visit":
            assert lines.loc[(row.claim, row.line), "code"] == row.filed > row.true
        elif row.kind == "missing_modifier_25":
            assert (row.true, row.filed, lines.loc[(row.claim, row.line), "modifiers"]) == ("25", "", "")
        elif row.kind == "excess_units":
            assert str(lines.loc[(row.claim, row.line), "units"]) == row.filed
        elif row.kind == "wrong_pointer":
            assert row.true == "A" != row.filed == lines.loc[(row.claim, row.line), "pointers"]


def test_a_duplicate_repeats_its_claim(tables):
    copies = tables.truth[tables.truth["kind"] == "duplicate"]
    claims = tables.claims.set_index("claim")
    same = ["member", "provider", "place", "service_date", "diagnoses", "charge"]
    first, second = claims.loc[copies["true"], same], claims.loc[copies["filed"], same]
    assert len(copies) > 100
    pd.testing.assert_frame_equal(first.reset_index(drop=True), second.reset_index(drop=True))
    assert (
        claims.loc[copies["filed"], "filed_date"].to_numpy()
        > claims.loc[copies["true"], "filed_date"].to_numpy()
    ).all()


def test_late_claims_are_late_and_the_others_are_not(tables, kinds):
    limits = {name: plan.files_within for name, plan in model.build().payers.items()}
    took = (tables.claims["filed_date"] - tables.claims["service_date"]).dt.days
    over = took > tables.claims["payer"].map(limits)
    late = tables.claims["claim"].isin(kinds["late_filing"])
    assert over[late].all() and late.sum() > 50
    assert not over[~late & ~tables.claims["claim"].isin(kinds["duplicate"])].any()


def test_every_procedure_number_is_one_that_the_course_may_show(tables):
    codes = pd.Series(tables.lines["code"].unique())
    mock = codes.str.fullmatch(MOCK)
    known = codes.isin(list(cpt.load())) | codes.isin(list(hcpcs.load()))
    assert (mock | known).all()
    assert not (mock & known).any()


def test_pointers_lead_to_a_diagnosis(tables):
    many = tables.claims.set_index("claim")["diagnoses"].str.count(";") + 1
    furthest = tables.lines["pointers"].map(lambda letters: max("ABCDEFGHIJKL".index(x) for x in letters))
    assert (furthest < tables.lines["claim"].map(many)).all()
    assert many.max() <= 12
    assert tables.lines["pointers"].str.len().max() <= 4


def test_a_visit_beside_a_small_procedure_carries_modifier_25(tables, kinds):
    small = set(tables.lines.loc[tables.lines["code"].isin(["11102", "20610", "12001"]), "claim"])
    visits = tables.lines[tables.lines["code"].str.match(r"99(20|21|28)") & tables.lines["claim"].isin(small)]
    without = set(visits.loc[visits["modifiers"] != "25", "claim"])
    assert without == kinds["missing_modifier_25"] & set(visits["claim"])
    others = tables.lines[~tables.lines["claim"].isin(small)]
    assert not (others["modifiers"] == "25").any()


def test_the_sides_agree(tables, kinds):
    lines = tables.lines.merge(tables.claims[["claim", "diagnoses"]], on="claim")
    lines = lines[lines["modifiers"].isin(["RT", "LT"])]
    first = lines["diagnoses"].str.split(";").str[0]
    sided = first.str.match(r"(M17\.1[12]|H25\.1[12]|S83\.24[12]A)$")
    right = first.str.match(r".*(M17\.11|H25\.11|S83\.241A)$")
    assert len(lines) > 300
    assert (lines["modifiers"][sided] == right[sided].map({True: "RT", False: "LT"})).all()


def test_accounts_add_up(tables):
    claims = tables.claims
    decided = claims["decided_date"].notna()
    parts = claims[["contractual", "paid", "patient_due", "denied"]].sum(axis=1)
    assert (claims["charge"] - parts)[decided].abs().max() < 0.005
    assert (parts[~decided] == 0).all()
    lines = tables.lines.groupby("claim")[["charge", "patient_due"]].sum()
    by_claim = claims.set_index("claim")
    assert (lines["charge"] - by_claim["charge"]).abs().max() < 0.005
    assert (lines["patient_due"] - by_claim["patient_due"]).abs().max() < 0.005
    money = claims.select_dtypes("float64")
    assert (money >= 0).all().all()


def test_old_accounts_are_closed(tables):
    old = tables.claims[tables.claims["service_date"] < "2024-09-01"]
    posted = old[
        ["contractual", "paid", "patient_paid", "rework_paid", "rework_contractual", "written_off"]
    ].sum(axis=1)
    assert (old["charge"] - posted).abs().max() < 0.005


def test_nothing_is_known_after_the_extract(tables):
    dates = tables.claims.select_dtypes("datetime")
    assert dates.max().max() <= EXTRACT
    for date, amount in (
        ("patient_paid_date", "patient_paid"),
        ("rework_decided_date", "rework_paid"),
        ("written_off_date", "written_off"),
    ):
        assert (tables.claims.loc[tables.claims[date].isna(), amount] == 0).all()


def test_things_happen_in_their_order(tables):
    claims = tables.claims
    for before, after in (
        ("service_date", "filed_date"),
        ("filed_date", "decided_date"),
        ("decided_date", "patient_paid_date"),
        ("decided_date", "rework_date"),
        ("rework_date", "rework_decided_date"),
        ("decided_date", "written_off_date"),
    ):
        both = claims[[before, after]].dropna()
        assert (both[before] <= both[after]).all(), (before, after)
    medicare = claims[(claims["payer"] == "Medicare") & claims["decided_date"].notna()]
    assert (medicare["decided_date"] - medicare["filed_date"]).dt.days.min() >= 14


def test_denials_carry_a_group_and_a_reason_that_the_course_explains(tables):
    reasons = datasets.read_csv("claims/carc.csv").set_index("carc")
    remarks = set(datasets.read_csv("claims/rarc.csv")["rarc"])
    denied = tables.claims["denied"] > 0
    assert set(tables.claims.loc[denied, "denial_carc"]) <= set(reasons.index)
    assert (reasons.loc[tables.claims.loc[denied, "denial_carc"], "denial"] == "yes").all()
    assert (tables.claims.loc[~denied, ["denial_group", "denial_carc", "denial_rarc"]] == "").all().all()
    assert set(tables.claims.loc[denied, "denial_rarc"]) <= remarks | {""}
    assert set(tables.lines["patient_carc"]) == {"", "1", "2", "3"}


def test_nobody_who_is_uninsured_files_a_claim(tables):
    assert set(tables.claims["payer"]) == set(model.build().payers)
    uninsured = tables.members[tables.members["payer"] == "uninsured"]
    assert len(uninsured) > 200
    mine = tables.claims[tables.claims["member"].isin(uninsured["member"])]
    assert mine.empty
