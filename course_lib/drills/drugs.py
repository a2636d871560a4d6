"""Drill on drug events: adverse effect, poisoning or underdosing."""

import re
from random import Random

from course_lib.codes.book import Code, plain
from course_lib.drills.deck import Deck
from course_lib.drills.model import Choice, Draft

# What the record tells, and the 5th or 6th character that T36-T50 have for it.
SCENARIOS = {
    "The right dose was taken as prescribed, and a rash followed.": "5",
    "It was given correctly, and vomiting followed.": "5",
    "By mistake the patient took four times the prescribed dose and became drowsy.": "1",
    "By mistake the patient took it in place of another medicine and felt faint.": "1",
    "The patient took an overdose in order to harm himself.": "2",
    "Somebody else put it into the patient's drink in order to harm her.": "3",
    "The patient took an overdose; the provider writes that the intent cannot be determined.": "4",
    "The patient took less of it than prescribed because of its cost.": "6",
    "The patient forgot every second dose, so that less was taken than prescribed.": "6",
}
_MEANS = {
    "1": "poisoning, accidental", "2": "poisoning, self-harm", "3": "poisoning, assault",
    "4": "poisoning, intent undetermined", "5": "adverse effect", "6": "underdosing",
}  # fmt: skip


def _drug(deck: Deck, rng: Random) -> tuple[str, dict[str, Code]]:
    """Return a drug and its codes by 5th or 6th character.

    Titles that name the drug in two ways (drug, drugs) are left out: the name in the
    question must stand in every title.
    """
    while True:
        adverse = deck.draw(rng, "billable AND title LIKE 'Adverse effect of %, initial encounter'")
        drug = adverse.title.removeprefix("Adverse effect of ").removesuffix(", initial encounter")
        bare = plain(adverse.code)
        at = 5 if bare[5] == "5" else 4
        made = {c: deck.book.get(bare[:at] + c + bare[at + 1 :]) for c in _MEANS}
        codes = {c: node for c, node in made.items() if node is not None}
        if all(re.search(rf" {re.escape(drug)},", node.title) for node in codes.values()):
            return drug, codes


def event(deck: Deck, rng: Random) -> Draft:
    """Ask for the code of a drug event at the initial encounter."""
    drug, codes = _drug(deck, rng)
    at = 5 if plain(codes["5"].code)[5] == "5" else 4
    scenario = rng.choice([s for s, c in SCENARIOS.items() if c in codes])
    right = SCENARIOS[scenario]
    # Always one of each of the three events, so that the event decides and not the intent alone.
    others = [c for c in ("5", "6") if c != right]
    others += rng.sample([c for c in codes if c in "1234" and c != right], 3 - len(others))
    choices = [
        Choice(f"`{codes[c].code}`", codes[c].code, c == right,
               f"Character {at + 1} is {c}, {_MEANS[c]}: *{codes[c].title}*.")
        for c in (right, *others)
    ]  # fmt: skip
    return Draft(
        "drug event", (drug, scenario),
        f"Initial encounter; the drug is one of: {drug}. {scenario} Which code names the drug event?",
        tuple(choices),
        deck.tabular("includes notes at T36-T50 and the titles of these codes"),
        tuple(c.value for c in choices),
        hint="Adverse effect: right drug, given properly. Poisoning: overdose, wrong drug or taken in error. "
        "Underdosing: less than prescribed.",
    )  # fmt: skip
