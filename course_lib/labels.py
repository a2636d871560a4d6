"""The words of the widgets, from one table per language: ``course_lib/widgets/labels/*.json``.

The language is that of ``COURSE_LANGUAGE``, English without it. A table holds key and text; what
stands in braces is filled in. A text that depends on a number ``n`` is an object of forms:
``zero`` (when there is one), ``one`` and ``other``.
"""

import json
import os
from functools import cache
from pathlib import Path
from typing import TypeAlias

from course_lib.errors import CourseError

FOLDER = Path(__file__).parent / "widgets" / "labels"
BASE = "en"
"""The language of the course's content, and of a label that a table lacks."""

Label: TypeAlias = str | dict[str, str]


def languages() -> list[str]:
    """Return the languages that have a table, sorted."""
    return sorted(file.stem for file in FOLDER.glob("*.json"))


def language() -> str:
    """Return the language of the labels, such as ``"en"``.

    Raises
    ------
    CourseError
        When ``COURSE_LANGUAGE`` names one that has no table.
    """
    wanted = os.environ.get("COURSE_LANGUAGE", "").strip().lower() or BASE
    if wanted not in languages():
        raise CourseError(
            f"the widgets have no labels in the language {wanted!r} that COURSE_LANGUAGE names.",
            remedy=f"Set it to one of: {', '.join(languages())}.",
        )
    return wanted


def read(name: str) -> dict[str, Label]:
    """Return the table of a language as it stands in its file."""
    own: dict[str, Label] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return own


@cache
def table(name: str) -> dict[str, Label]:
    """Return the labels of a language; those that it lacks are English."""
    return {**read(BASE), **read(name)}


def t(key: str, **values: object) -> str:
    """Return a label with its values filled in; ``base.js`` has the same function.

    >>> t("quiz.count", done=1, n=3)
    '1 of 3 answered'
    """
    label = table(language())[key]
    if not isinstance(label, str):
        form = {0: "zero", 1: "one"}.get(values["n"], "other")  # type: ignore[call-overload]
        label = label.get(form, label["other"])
    return label.format(**values)


def lang() -> str:
    """Return the HTML attribute of an element in the labels' language; nothing for English."""
    return "" if language() == BASE else f' lang="{language()}"'


def english(html: str, tag: str = "span") -> str:
    """Return HTML of the course's content, marked as English inside labels of another language."""
    return html if language() == BASE else f'<{tag} lang="{BASE}">{html}</{tag}>'
