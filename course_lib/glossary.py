"""Floor 2: the words of the course, ``datasets/glossary.csv``, and the page that is made of them."""

import csv
import re
from dataclasses import dataclass
from itertools import groupby

from course_lib import datasets

PAGE = "glossary.md"  # beside the notebooks; lessons link to it as ../glossary.md#conversion-factor

_HEAD = """# Glossary

{count} words of medical coding in plain words. Each names the lesson that introduces it and its source.

<!-- Made from datasets/glossary.csv by `course notebooks glossary`. Change the table, then run that. -->
"""


@dataclass(frozen=True)
class Term:
    """One word or phrase.

    Attributes
    ----------
    term : str
        As it is written, such as ``conversion factor`` or ``MS-DRG``. What stands in
        parentheses tells two meanings apart and is not part of the word.
    definition : str
        One to three plain sentences, our own.
    lesson : str
        The number of the lesson that introduces it, such as ``"10"``; empty for none.
    source : str
        Who defines it, and where.
    """

    term: str
    definition: str
    lesson: str
    source: str

    @property
    def slug(self) -> str:
        """Its anchor on the page: ``conversion-factor``."""
        return slug(self.term)

    @property
    def word(self) -> str:
        """The term without what stands in parentheses."""
        return re.sub(r" \(.*\)$", "", self.term)


def terms() -> list[Term]:
    """Return all terms, in the order of the table.

    Raises
    ------
    CourseError
        When the table is not there.
    """
    with datasets.path("glossary.csv").open(encoding="utf-8", newline="") as table:
        return [Term(**row) for row in csv.DictReader(table)]


def slug(text: str) -> str:
    """Return the anchor of a heading, as GitHub and Sphinx make it.

    Examples
    --------
    >>> slug("days in A/R"), slug("7th character")
    ('days-in-ar', '7th-character')
    """
    return re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")


def in_order(found: list[Term]) -> list[Term]:
    """Return the terms in the order of the page: by letter, small and capital alike."""
    return sorted(found, key=lambda term: (term.term.casefold(), term.term))


def page(found: list[Term]) -> str:
    """Return the glossary page as Markdown: a heading with an anchor for each term.

    JupyterLab takes a heading's own capitals for its anchor and GitHub small letters;
    the written anchor makes one link work in both.
    """
    parts = [_HEAD.format(count=len(found))]
    for letter, group in groupby(in_order(found), key=_letter):
        parts.append(f"## {letter}\n")
        for term in group:
            first = f"Lesson {term.lesson}. " if term.lesson else ""
            parts.append(
                f'### <a id="{term.slug}"></a>{term.term}\n\n{term.definition}\n\n'
                f"*{first}Source: {term.source.replace('*', chr(92) + '*')}.*\n"
            )
    return "\n".join(parts)


def _letter(term: Term) -> str:
    return term.term[0].upper() if term.term[0].isalpha() else "Numbers"
