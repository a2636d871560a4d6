"""Drills: endless questions made from the official file, each with its proof.

::

    drills.families()                              # the kinds of drill
    drills.practice("seventh-character")           # the widget
    drills.ask("seventh-character", seed=7)        # the same as text
    drills.item("seventh-character", 7)            # the pure function under both
    drills.verify(drills.item("laterality", 3))    # [] when the key is proved
    drills.due()                                   # what to review today
"""

from course_lib.drills.deck import Deck
from course_lib.drills.families import deck, families, item
from course_lib.drills.model import Choice, Draft, Family, Item, Statement
from course_lib.drills.practice import practice
from course_lib.drills.proof import verify
from course_lib.drills.review import Due, Review, due, plan, record, reviews
from course_lib.drills.text import ask

__all__ = [
    "Choice",
    "Deck",
    "Draft",
    "Due",
    "Family",
    "Item",
    "Review",
    "Statement",
    "ask",
    "deck",
    "due",
    "families",
    "item",
    "plan",
    "practice",
    "record",
    "reviews",
    "verify",
]
