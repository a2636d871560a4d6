"""A form and its result, as a widget: the frame of the planner and of the careers explorer.

The form is data (`Field`, `Group`); the result is HTML that Python makes, already
escaped, from one pure function. The browser draws and sends; it decides nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from html import escape
from typing import Any, Literal, TypeAlias

import anywidget
import traitlets

from course_lib.errors import CourseError
from course_lib.labels import english, lang, t
from course_lib.widgets._assets import script, style

Kind: TypeAlias = Literal["date", "number", "text", "select", "checkbox"]
Values: TypeAlias = dict[str, str | bool]


@dataclass(frozen=True)
class Field:
    """One question of a form. `options` are (value, text) pairs of a select.

    `content` says that its words are the course's, which are English, and not from the labels.
    """

    id: str
    label: str
    kind: Kind
    value: str | bool = ""
    help: str = ""
    options: tuple[tuple[str, str], ...] = ()
    least: float | None = None
    most: float | None = None
    content: bool = False


@dataclass(frozen=True)
class Group:
    """Fields under one legend; a folded group is opened on request."""

    legend: str
    fields: tuple[Field, ...]
    folded: bool = False


@dataclass(frozen=True)
class Form:
    """A titled form. A `live` form answers each change; another one waits for its button."""

    title: str
    intro: str
    groups: tuple[Group, ...] = field(repr=False)
    button: str = ""
    live: bool = False


@dataclass(frozen=True)
class Answer:
    """What a form says: one or two sentences for the status line, and HTML below them."""

    summary: str
    html: str


class FormWidget(anywidget.AnyWidget):
    """A form whose answer comes from a Python function.

    Parameters
    ----------
    form : Form
        The questions, with their first values.
    answer : callable
        Gets the values by field id and returns an `Answer`; a `CourseError` is shown
        above the form's button.
    example : Answer
        Shown where no kernel runs. It must not depend on the day or the learner.
    twin : str
        The call that does the same without the widget.

    Attributes
    ----------
    values : dict of str to str or bool
        What is in the form, as the browser sent it.
    summary, problem, html : str
        The newest answer, or what is wrong with the values.
    """

    _esm = property(lambda self: script("form.js"))
    _css = style("form.css")

    form = traitlets.Dict().tag(sync=True)
    values = traitlets.Dict().tag(sync=True)
    asked = traitlets.Int(0).tag(sync=True)
    answered = traitlets.Int(0).tag(sync=True)
    summary = traitlets.Unicode().tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)
    html = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        form: Form,
        answer: Callable[[Mapping[str, str | bool]], Answer],
        *,
        example: Callable[[], Answer],
        twin: str,
        at_once: bool,
    ) -> None:
        self._form, self._answer, self._example, self._twin = form, answer, example, twin
        super().__init__(form=asdict(form), values={f.id: f.value for g in form.groups for f in g.fields})
        if at_once:
            self._run()
        self.observe(lambda change: self._run(), "asked")

    def ask(self, **values: str | bool) -> None:
        """Put values into the form and answer it, as its button does."""
        self.values = {**self.values, **values}
        self._run()

    def _run(self) -> None:
        with self.hold_sync():
            try:
                found = self._answer(self.values)
                self.summary, self.html, self.problem = found.summary, found.html, ""
            except CourseError as why:
                self.summary, self.problem = "", str(why)
            self.answered = self.asked

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        plain = t("form.plain", title=self._form.title, twin=self._twin)
        return {**data, "text/plain": plain, "text/html": self._static(plain)}, metadata

    def _static(self, plain: str) -> str:
        shown = self._example()
        asked = "".join(
            f"<li>{escape(group.legend)}: {escape('; '.join(f.label for f in group.fields))}</li>"
            for group in self._form.groups
        )
        return (
            f"<div{lang()}><p><strong>{escape(plain)}</strong> {escape(self._form.intro)}</p>"
            f"<details><summary>{t('form.asks')}</summary><ul>{asked}</ul></details>"
            f"<p>{english(escape(shown.summary))}</p>{english(shown.html, 'div')}</div>"
        )


def number(values: Mapping[str, str | bool], name: str, label: str) -> float | None:
    """Return a field as a number, or None when it is empty.

    Raises
    ------
    CourseError
        When it holds something else; the message names `label`.
    """
    text = str(values.get(name, "")).strip()
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        raise CourseError(f"{label}: {text!r} is no number.", remedy="Write digits, as 8 or 2.5.") from None
