"""What a drill item is: a question, and the proof of its key."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from course_lib.drills.deck import Deck
from course_lib.quiz.model import Question


@dataclass(frozen=True, slots=True)
class Choice:
    """One option as a family makes it.

    Attributes
    ----------
    text : str
        What the learner reads; it holds `value`.
    value : str
        What the option says in one word: a code, a chapter's number, an amount.
    right : bool
        Whether the family takes it for the key.
    why : str
        Why it is right or wrong, by the code book.
    """

    text: str
    value: str
    right: bool
    why: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What a family makes: a question without its number, its options not yet shuffled.

    Attributes
    ----------
    relation : str
        The relation that the right option has to the subject and no other has;
        `course_lib.drills.relations` tells whether it holds.
    subject : tuple of str
        What the question is about, each part as it stands in the stem.
    stem, source, hint, explanation : str
        As in a quiz question.
    choices : tuple of Choice
        Three or four, one of them right.
    codes : tuple of str
        ICD-10-CM codes that the question is about.
    """

    relation: str
    subject: tuple[str, ...]
    stem: str
    choices: tuple[Choice, ...]
    source: str
    codes: tuple[str, ...] = ()
    hint: str = ""
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One line of a proof: the option's value has the relation to the subject, or has it not."""

    relation: str
    subject: tuple[str, ...]
    value: str
    holds: bool

    def __str__(self) -> str:
        return f"{self.relation}({', '.join(self.subject)}; {self.value}) is {str(self.holds).lower()}"


@dataclass(frozen=True, slots=True)
class Item:
    """One question of a drill.

    Attributes
    ----------
    family : str
        The id of its family.
    seed : int
        The number that it was made from; the same seed makes the same item.
    question : Question
        A quiz question, so that whatever shows or grades a quiz takes it.
    proof : tuple of Statement
        One for each option; `course_lib.drills.verify` proves them.
    """

    family: str
    seed: int
    question: Question
    proof: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """A kind of drill.

    Attributes
    ----------
    id, title : str
        ``"seventh-character"`` and a heading.
    trains : str
        What the learner can do after it.
    source : str
        Where its keys come from.
    difficulty : int
        1 recall, 2 apply, 3 judge.
    make : callable
        A pure function of the deck and a seeded generator.
    """

    id: str
    title: str
    trains: str
    source: str
    difficulty: int
    make: Callable[[Deck, Random], Draft]
