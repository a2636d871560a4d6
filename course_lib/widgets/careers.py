"""The careers explorer as a widget: a form over `course_lib.careers`."""

from collections.abc import Mapping

from course_lib import careers
from course_lib.careers.fit import headline
from course_lib.careers.page import as_html
from course_lib.labels import t
from course_lib.roadmap.markup import table
from course_lib.widgets.form import Answer, Field, Form, FormWidget, Group


class ExplorerWidget(FormWidget):
    """Four roles and the fit questionnaire. Made by `course_lib.careers.explorer`."""

    def __init__(self) -> None:
        super().__init__(
            _form(), _answer, example=lambda: _answer({}), twin='careers.role("coder")', at_once=True
        )


def _answer(values: Mapping[str, str | bool]) -> Answer:
    role = careers.role(str(values.get("role", "coder")))
    answers = {q.id: int(values.get(q.id) or 0) for q in careers.questions()}
    result = careers.fit({name: value for name, value in answers.items() if value})
    said = f"Shown: {role.name}."
    html = as_html(role)
    if result.answers:
        said = f"{said} {headline(result)}"
        html = table(result.to_frame(), "Your fit: each answer times its weight") + html
    compared = table(careers.compare(), "The four roles side by side")
    return Answer(said, f"{html}{careers.chart()._repr_html_()}{compared}")


def _form() -> Form:
    scale = tuple((str(value), text) for value, text in careers.SCALE.items())
    names = tuple((name, careers.role(name).name) for name in careers.roles()["id"])
    asked = tuple(
        Field(q.id, q.text, "select", "0", options=scale, content=True) for q in careers.questions()
    )
    return Form(
        title=t("careers.title"),
        intro=t("careers.intro"),
        groups=(
            Group(t("careers.role"), (Field("role", t("careers.role"), "select", "coder", options=names),)),
            Group(t("careers.statements"), asked),
        ),
        live=True,
    )
