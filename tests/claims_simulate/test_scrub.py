"""Simulated claims through the scrubber: it finds what was made wrong, and is silent where nothing was."""

import pytest

from course_lib import claims, icd10cm

# What an edit can see on the claim itself. It cannot know a lost authorization, or what a payer will decide.
VISIBLE = (
    "truncated_diagnosis",
    "conflicting_diagnoses",
    "excess_units",
    "late_filing",
    "wrong_pointer",
    "wrong_sex",
)


@pytest.fixture(scope="module")
def found():
    """Rules that an error or a warning names, by number of the claim; the sample's claims."""
    book = icd10cm.load()
    return {
        claim.id: [f.rule for f in claims.scrub(claim, book=book) if f.severity != "info"]
        for claim in claims.as_claims(claims.sample())
    }


@pytest.fixture(scope="module")
def kinds():
    truth = claims.sample().truth
    return {kind: set(rows["claim"]) for kind, rows in truth.groupby("kind")}


@pytest.mark.parametrize("kind", VISIBLE)
def test_every_visible_fault_is_found(found, kinds, kind):
    assert kinds[kind]
    assert all(found[claim] for claim in kinds[kind])


def test_a_missing_modifier_is_found_where_the_table_has_the_pair(found, kinds):
    rules = {"visit-beside-procedure", "ncci-modifier"}
    caught = [claim for claim in kinds["missing_modifier_25"] if rules & set(found[claim])]
    assert len(caught) >= len(kinds["missing_modifier_25"]) / 2


def test_where_nothing_was_made_wrong_nothing_is_found(found, kinds):
    wrong = set().union(*(kinds[kind] for kind in (*VISIBLE, "missing_modifier_25")))
    assert {claim: rules for claim, rules in found.items() if rules and claim not in wrong} == {}


def test_a_row_becomes_the_claim_that_was_filed():
    tables = claims.sample()
    number = tables.claims.loc[tables.claims["age"] == 0, "claim"].iloc[0]
    claim = claims.as_claims(tables, [number])[0]
    row = tables.claims.set_index("claim").loc[number]
    assert (claim.id, ";".join(claim.diagnoses)) == (number, row["diagnoses"])
    assert float(claim.total) == row["charge"]
    assert claim.filed_on == row["filed_date"].date()
    assert 29 <= claim.patient.age_days < 366
