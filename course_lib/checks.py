"""Floor 2: the checks in graded cells: exact, kind, and silent about the key.

A check raises `AssertionError` with a sentence that says what was returned and what
kind of mistake it is, never the expected answer. Types are compared exactly, all the
way down, so an object that claims to equal everything equals nothing here.
"""

import math
import numbers
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from course_lib.coding import feedback, mistakes
from course_lib.coding.mistakes import coding_mistake

Check = Callable[[Any, Any, str, str], None]

_SHOWN = 80  # characters of an answer that a message repeats
_LISTS = re.compile(r"(\d+) items are missing and (\d+) do not belong")
# What tells an error in a sentence of this module -> its name.
_TELLS = {
    "returned nothing": "not answered",
    "stopped with": "error in the code",
    " should be ": "wrong type",
    "in another order": "order",
    "is not right": "wrong value",
}


def same(got: Any, expected: Any, about: str, hint: str = "") -> None:
    """Check one answer.

    Parameters
    ----------
    got, expected : object
        Plain values, lists, tuples, sets, dicts, or pandas Series and frames. Floats may
        differ by 1e-6; everything else must be equal and of exactly the same type.
    about : str
        What was asked, as the learner would write it: ``"tidy('e1122')"``.
    hint : str, optional
        A sentence that helps.

    Raises
    ------
    AssertionError
        With a message that does not contain `expected`.
    """
    if expected is not None and (got is None or got is Ellipsis):
        raise AssertionError(f"{about} returned nothing. Is it answered, and does it end in `return`?")
    if expected is None and got is not None:
        raise AssertionError(f"{about} is not right.{_after(hint)}")
    if type(got) is not type(expected):
        wanted = _name(type(expected))
        raise AssertionError(f"{about} should be {wanted}, but is {_name(type(got))}.{_after(hint)}")
    if not _equal(_plain(got), _plain(expected)):
        raise AssertionError(f"{about} is not right.{_difference(got, expected)}{_after(hint)}")


def code(got: Any, expected: str, about: str, hint: str = "") -> None:
    """Check a diagnosis code, and name the coding mistake.

    Raises
    ------
    AssertionError
        For example "right category, but a 7th character is missing".
    """
    if type(got) is str and got != expected:
        raise AssertionError(f"{about} is {_show(got)}: {coding_mistake(got, expected)}.{_after(hint)}")
    same(got, expected, about, hint)


def cases(
    function: Callable[..., Any], expected: Mapping[Any, Any], hint: str = "", *, check: Check = same
) -> None:
    """Check a learner's function on several arguments; stop at the first that is wrong.

    Parameters
    ----------
    function : callable
        The learner's.
    expected : mapping
        Argument -> answer; a tuple stands for several arguments.
    hint : str, optional
        A sentence that helps.
    check : callable
        `same` or `code`.

    Raises
    ------
    AssertionError
        Also when the function itself stops with an error.
    """
    for argument, answer in expected.items():
        arguments = argument if isinstance(argument, tuple) else (argument,)
        name = getattr(function, "__name__", "your function")
        about = f"{name}({', '.join(map(repr, arguments))})"
        try:
            got = function(*arguments)
        except Exception as why:  # a learner's function may raise anything
            raise AssertionError(f"{about} stopped with {type(why).__name__}: {why}{_after(hint)}") from why
        check(got, answer, about, hint)


def credit(
    points: float,
    function: Callable[..., Any],
    groups: Mapping[str, Mapping[Any, Any]],
    *,
    check: Check = same,
) -> float:
    """Return partial credit: an equal share of `points` for each group of cases that is all right.

    Parameters
    ----------
    points : float
        What all groups together are worth.
    function : callable
        The learner's.
    groups : mapping of str to mapping
        A name for each group, and its cases as `cases` takes them. Give each group
        answers of more than one kind, or a constant earns it. What fails is printed.
    check : callable
        `same` or `code`.

    Returns
    -------
    float
        A plain Python float, because nbgrader gives full marks for NumPy's.
    """
    passed = 0
    for name, expected in groups.items():
        try:
            cases(function, expected, check=check)
        except AssertionError as why:
            print(f"Not yet - {name}: {why}")
        else:
            passed += 1
            print(f"Good - {name}.")
    return round(float(points) * passed / len(groups), 2)


def kinds(message: str) -> list[str]:
    """Return the names of the errors that a failed check's message tells.

    Parameters
    ----------
    message : str
        What an `AssertionError` of this module says, or what `credit` prints.

    Returns
    -------
    list of str
        Names of coding errors first (``seventh-character``, ``not-specific``, ...), then
        ``not answered``, ``wrong type``, ``error in the code``, ``wrong value``.
    """
    found = [kind for tell, kind in (mistakes.TELLS | feedback.TELLS).items() if tell in message]
    lists = _LISTS.search(message)
    if lists:
        found += [
            kind for kind, count in zip(("missing", "extra"), lists.groups(), strict=True) if int(count)
        ]
    found = found or [kind for tell, kind in _TELLS.items() if tell in message][:1]
    return list(dict.fromkeys(found))


def _plain(value: Any) -> Any:
    """Return pandas objects as lists of built-in values; leave the rest."""
    kind = type(value)
    if kind.__module__.split(".")[0] != "pandas":
        return value
    if kind.__name__ == "Series":
        return [value.index.tolist(), value.tolist()]
    if kind.__name__ == "DataFrame":
        return [value.index.tolist(), {name: value[name].tolist() for name in value.columns}]
    return value.tolist() if hasattr(value, "tolist") else value


def _equal(got: Any, expected: Any) -> bool:
    """Compare with exact types, so that no ``__eq__`` of the learner's is ever asked."""
    if type(got) is not type(expected):
        return False
    if isinstance(expected, list | tuple):
        return len(got) == len(expected) and all(map(_equal, got, expected))
    if isinstance(expected, dict):
        return _typed(got) == _typed(expected) and all(_equal(got[k], expected[k]) for k in expected)
    if isinstance(expected, set | frozenset):
        return _typed(got) == _typed(expected)
    if isinstance(expected, float):
        return math.isclose(got, expected, abs_tol=1e-6) or (math.isnan(got) and math.isnan(expected))
    return bool(got == expected)


def _typed(values: Iterable[Any]) -> set[tuple[type, Any]]:
    """Return hashable values with their types, so that types are compared first."""
    return {(type(value), value) for value in values}


def _difference(got: Any, expected: Any) -> str:
    """Return a sentence on how two values of one type differ, without the key."""
    ours, right = _plain(got), _plain(expected)
    if isinstance(right, dict):
        wrong = [str(k) for k in right if k not in ours or not _equal(ours[k], right[k])]
        return f" Look at: {', '.join(wrong)}." if wrong else " It has keys that were not asked for."
    if type(got) is list and all(type(item) is str for item in ours + right):
        missing, extra = len(set(right) - set(ours)), len(set(ours) - set(right))
        if not missing and not extra:
            return " The items are right, but in another order, or some come twice."
        return f" {missing} items are missing and {extra} do not belong ({len(ours)} returned)."
    if type(got).__name__ == "Series" and len(ours[0]) != len(right[0]):
        return f" It has {len(ours[0])} rows, and that is not the right number."
    if type(got).__name__ == "Series":
        where = "index" if not _equal(ours[0], right[0]) else "values"
        return f" It has the right number of rows; look at its {where}."
    return f" It is {_show(got)}." if isinstance(got, str | numbers.Number | bool) else ""


def _name(kind: type) -> str:
    words = {
        "str": "text (str)",
        "NoneType": "None",
        "list": "a list",
        "dict": "a dict",
        "Series": "a Series",
    }
    return words.get(kind.__name__, f"of type {kind.__name__}")


def _show(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."


def _after(hint: str) -> str:
    return f" {hint}" if hint else ""
