"""The facts behind the plans: every figure says where it is from, and the conflicts are told."""

from course_lib import roadmap

FACTS = roadmap.catalogue()


def test_every_known_price_has_a_year_a_page_and_a_mark() -> None:
    prices = [*FACTS.prices.values(), *(p for c in FACTS.credentials.values() for p in c.prices)]
    for price in prices:
        known = price.low is not None
        assert (price.high is not None) == known
        assert (price.trust != "unknown") == known
        assert not known or (price.low <= price.high and price.year and price.source.startswith("http"))


def test_every_certification_names_its_pages() -> None:
    for credential in FACTS.credentials.values():
        pages = (
            credential.page,
            credential.eligibility_source,
            credential.exam_source,
            credential.ceu_source,
        )
        assert all(page.startswith("http") for page in pages)
        assert "exam" in {price.id for price in credential.prices}
        assert credential.needs_membership == ("membership" in {price.id for price in credential.prices})
        assert credential.extra_assumption in ("", *FACTS.assumptions)


def test_units_and_the_two_best_known_first() -> None:
    assert roadmap.targets()[:2] == ("CPC", "CCS")
    assert {c.id: (c.ceus, c.ceu_months) for c in FACTS.credentials.values()} == {
        "CPC": (36, 24), "CCS": (20, 24), "CCA": (20, 24), "CPB": (36, 24), "RHIT": (20, 24),
    }  # fmt: skip


def test_the_five_steps_are_those_of_the_mission() -> None:
    titles = {step.number: step.title for step in reversed(FACTS.steps.values())}
    assert sorted(titles) == [1, 2, 3, 4, 5]
    assert titles[1] == "High school diploma or GED"
    assert titles[5] == "Continuing education"


def test_tables_of_assumptions_and_prices_name_the_ids_to_replace() -> None:
    assert set(roadmap.assumptions()["id"]) == set(FACTS.assumptions)
    assert {"ged", "tuition", "books", "exam", "membership"} <= set(roadmap.prices("CPC")["id"])
