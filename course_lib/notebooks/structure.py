"""Run the rules that a notebook of each kind must keep."""

from collections.abc import Callable, Iterable, Iterator

from course_lib.notebooks.model import Kind, Notebook, Problem, tags
from course_lib.notebooks.rules import Fault, assignment, code, common, learning, lesson

Rule = Callable[[Notebook], Iterable[Fault]]

_EVERY: tuple[Rule, ...] = (
    common.one_h1,
    common.heading_levels,
    common.kernelspec,
    common.cell_ids,
    common.known_tags,
    common.normalised,
    common.links,
    common.image_alt,
    common.no_absolute_path,
    code.plain_python,
    code.no_network,
)
_SHOWN: tuple[Rule, ...] = (
    code.executed,
    code.clean_outputs,
    code.no_address,
    code.alt_text,
    code.table_twin,
    code.short_cells,
)
RULES: dict[Kind, tuple[Rule, ...]] = {
    "page": _EVERY + _SHOWN,
    "lesson": _EVERY
    + _SHOWN
    + (
        lesson.time_line,
        lesson.objectives_first,
        lesson.recap_mirrors,
        lesson.read_more,
        lesson.code_year,
        lesson.knowledge_checks,
        lesson.ends_in_quiz,
        learning.predictions,
        learning.figures,
        learning.one_page_summary,
        learning.glossary_links,
        learning.quiz_size,
        learning.objectives_asked,
        learning.stated_time,
    ),
    "assignment": (
        *_EVERY,
        assignment.no_outputs,
        assignment.grade_ids,
        assignment.points,
        assignment.graded_cells,
        assignment.test_cells,
        assignment.markers,
    ),
}


def name_of(rule: Rule) -> str:
    """Return the rule's name, for example ``"one-h1"``."""
    return rule.__name__.replace("_", "-")


def problems(notebook: Notebook) -> Iterator[Problem]:
    """Yield each broken rule of one notebook, but for cells that a tag excuses."""
    excused = {(cell.get("id", ""), tag) for cell in notebook.node.cells for tag in tags(cell)}
    for rule in RULES[notebook.kind]:
        name = name_of(rule)
        for fault in rule(notebook):
            if name not in common.ESCAPABLE or (fault.cell, f"allow-{name}") not in excused:
                yield Problem(notebook.path, fault.cell, name, fault.message, fault.remedy)
