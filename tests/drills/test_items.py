"""Every family: the same seed gives the same item, its key is right, and nothing else is."""

import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace

import pytest

from course_lib import drills, quiz
from course_lib.drills.relations import RELATIONS
from course_lib.errors import CourseError

FAMILIES = [family.id for family in drills.families()]
ITEMS = 300
every_family = pytest.mark.parametrize("family", FAMILIES)


def test_there_are_the_fourteen_families_of_the_plan() -> None:
    assert len(FAMILIES) == len(set(FAMILIES)) == 14
    assert all(f.title and f.trains and f.source for f in drills.families())


def test_an_unknown_family_names_the_known_ones() -> None:
    with pytest.raises(CourseError, match="laterality"):
        drills.item("latarality", 1)


@every_family
def test_hundreds_of_items_have_one_right_option_by_the_book(family: str, cards: drills.Deck) -> None:
    items = [drills.item(family, seed, cards) for seed in range(ITEMS)]
    assert {i.question.id: faults for i in items if (faults := drills.verify(i, cards.book))} == {}
    places = Counter(min(i.question.key) for i in items)
    assert len(places) > 2 and max(places.values()) < ITEMS * 0.6  # the place does not give the key away
    assert len({i.question.stem + str(i.question.options) for i in items}) > ITEMS / 4


@every_family
def test_a_key_on_the_wrong_option_is_rejected(family: str, cards: drills.Deck) -> None:
    for seed in range(10):
        item = drills.item(family, seed, cards)
        (key,) = item.question.key
        moved = (key + 1) % len(item.question.options)
        options = [replace(o, correct=n == moved) for n, o in enumerate(item.question.options)]
        proof = tuple(replace(s, holds=n == moved) for n, s in enumerate(item.proof))
        spoilt = replace(item, question=replace(item.question, options=options), proof=proof)
        assert any("otherwise" in fault for fault in drills.verify(spoilt, cards.book))


@every_family
def test_a_second_right_option_is_rejected(family: str, cards: drills.Deck) -> None:
    item = drills.item(family, 3, cards)
    (key,) = item.question.key
    other = (key + 1) % len(item.question.options)
    options, proof = list(item.question.options), list(item.proof)
    options[other] = replace(options[key], text=f"{options[key].text} again", correct=False)
    proof[other] = replace(proof[key], holds=False)
    spoilt = replace(item, question=replace(item.question, options=options), proof=tuple(proof))
    assert any("otherwise" in fault for fault in drills.verify(spoilt, cards.book))


def test_a_family_that_draws_a_wrong_distractor_is_rejected(cards: drills.Deck) -> None:
    header = next(f for f in drills.families() if f.id == "header")

    def careless(deck: drills.Deck, rng: object) -> drills.Draft:
        # Both I10 and E11.9 are billable; the author took E11.9 for a header.
        codes = {"I10": True, "E11.9": False, "E11": False}
        choices = tuple(drills.Choice(f"`{c}`", c, right, "Because.") for c, right in codes.items())
        return drills.Draft("billable", ("billable",), "Which one is billable?", choices, "The Tabular List")

    item = drills.item(replace(header, make=careless), 1, cards)
    assert any("E11.9" in fault for fault in drills.verify(item, cards.book))


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda i: replace(i, question=replace(i.question, stem="Which?")), "does not say"),
        (lambda i: replace(i, family="chapter"), "does not ask for"),
        (lambda i: replace(i, proof=i.proof[:-1]), "one statement"),
        (lambda i: replace(i, question=replace(i.question, options=i.question.options[:1])), "only 1"),
    ],
)
def test_an_item_that_hides_its_subject_or_its_proof_is_rejected(
    spoil: object, says: str, cards: drills.Deck
) -> None:
    faults = drills.verify(spoil(drills.item("seventh-character", 1, cards)), cards.book)  # type: ignore[operator]
    assert any(says in fault for fault in faults)


# Pairs and codes checked by hand in the April 2026 Tabular List.
@pytest.mark.parametrize(
    ("relation", "subject", "value", "truth"),
    [
        ("excludes1", ("E11.9",), "E10.9", True),
        ("excludes1", ("E10.9",), "E11.9", True),
        ("excludes1", ("J44.1",), "J45.20", False),
        ("excludes1", ("F45.8",), "G47.63", True),
        ("excludes2", ("J44.9",), "J47.9", True),
        ("excludes1", ("A15.4",), "A15.9", False),  # "any type in A15 (J65)" names J65, not A15
        ("order", ("D63.0", "C50.411"), "C50.411, then D63.0", True),
        ("order", ("D63.0", "C50.411"), "D63.0, then C50.411", False),
        ("order", ("E11.22", "N18.4"), "E11.22, then N18.4", True),
        ("order", ("J44.9", "J45.20"), "either order", True),
        ("billable", ("billable",), "M54.5", False),
        ("billable", ("billable",), "I10", True),
        ("fills", ("W19", "A"), "W19.XXXA", True),
        ("fills", ("W19", "A"), "W19.A", False),
        ("chapter", ("D49.2",), "2", True),
        ("chapter", ("D50.9",), "3", True),
        ("includes", ("Depression NOS",), "F32.A", True),
        ("twin", ("H25.011", "left"), "H25.012", True),
        ("valid on", ("2026-09-30",), "Z68.1", True),
        ("valid on", ("2026-10-01",), "Z68.1", False),
        ("modifier", ("no such meaning",), "25", None),
        ("rvus", ("99213", "22"), "1.72", True),
    ],
)
def test_the_relations_agree_with_what_a_person_read(
    relation: str, subject: tuple[str, ...], value: str, truth: bool | None, cards: drills.Deck
) -> None:
    assert RELATIONS[relation](cards.book, subject, value) is truth


def test_a_seed_gives_the_same_items_in_another_process(cards: drills.Deck) -> None:
    program = (
        "from course_lib import drills; d = drills.deck('2026-04-01')\n"
        "print(repr([drills.item(f.id, 11, d) for f in drills.families()]))"
    )
    env = {**os.environ, "PYTHONHASHSEED": "7"}
    other = subprocess.run(
        [sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True
    ).stdout
    assert other.strip() == repr([drills.item(f, 11, cards) for f in FAMILIES])


@every_family
def test_an_item_is_a_quiz_question(family: str, cards: drills.Deck) -> None:
    item = drills.item(family, 5, cards)
    asked = quiz.Quiz("drill", "Drill", "", item.question.edition, [item.question])
    assert quiz.grade(asked, {item.question.id: list(item.question.key)}).points == 1
    assert item.question.edition == "2026-04-01"
    assert any(name in item.question.source.text for name in (cards.book.release, "CMS", "Medicare"))
