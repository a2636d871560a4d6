"""Floor 0: find, load and check the files under ``datasets/``.

Tables come as pandas frames of strings (a code is text, never a number). YAML comes
as typed dataclasses; a wrong key names its file and line.
"""

import dataclasses
import os
import re
from functools import cache
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from course_lib.errors import CourseError

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")


@cache
def root() -> Path:
    """Return the datasets folder: ``COURSE_DATASETS``, the checkout's, or the installed one."""
    here = Path(__file__).parent
    named = os.environ.get("COURSE_DATASETS")
    for folder in [Path(named)] if named else [here.parent / "datasets", here / "_datasets"]:
        if (folder / "datapackage.json").is_file():
            return folder
    raise CourseError(
        "the course's data files were not found.",
        remedy="Reinstall the course with `make setup`, or set COURSE_DATASETS to its datasets folder.",
        path=Path(named) if named else here.parent / "datasets",
    )


def path(name: str) -> Path:
    """Return the path of one data file, for example ``path("codes/modifiers.csv")``.

    Raises
    ------
    CourseError
        When there is no such file; the message lists its folder.
    """
    file = root() / name
    if not file.is_file():
        near = sorted(p.name for p in file.parent.glob("*")) if file.parent.is_dir() else []
        raise CourseError(
            "there is no such data file.",
            remedy=f"That folder has: {', '.join(near) or 'nothing'}.",
            path=file,
        )
    return file


def read_csv(name: str, **options: Any) -> "pd.DataFrame":
    """Return one table as a frame of strings; empty cells are ``""``.

    Codes are read as text, so that ``010`` keeps its zero and ``1E10`` is no number.
    `options` go to `pandas.read_csv` (``dtype={"work_rvu": float}``, say).
    """
    import pandas as pd

    frame: pd.DataFrame = pd.read_csv(path(name), **{"dtype": str, "keep_default_na": False, **options})
    return frame


def load_yaml(file: Path | str, kind: type[T]) -> T:
    """Read a YAML file into the dataclass `kind`; unknown or missing keys are errors.

    Parameters
    ----------
    file : Path or str
        A path, or a name under ``datasets/``.
    kind : type
        A dataclass (nested ones and ``list[...]`` included).

    Raises
    ------
    CourseError
        With file, line and the offending key.
    """
    import msgspec
    import yaml

    where = path(file) if isinstance(file, str) else file
    try:
        text = where.read_text(encoding="utf-8")
        data = yaml.load(text, Loader=_string_dates())  # noqa: S506 - a SafeLoader
    except (yaml.MarkedYAMLError, UnicodeDecodeError, OSError) as why:
        mark = getattr(why, "problem_mark", None)
        raise CourseError(
            f"this is not readable YAML: {getattr(why, 'problem', None) or why}.",
            remedy="Mend that line; `course check` tells when it is right.",
            path=where,
            line=mark.line + 1 if mark else None,
        ) from None
    unknown = unknown_key(data, kind, "$")
    try:
        if unknown:
            raise msgspec.ValidationError(f"unknown key - at `{unknown}`")
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as why:
        what, _, at = str(why).partition(" - at ")
        raise CourseError(
            f"{what} at {at.strip('`') or '$'}.",
            remedy="Compare with a neighboring entry; `course check` tells when it is right.",
            path=where,
            line=line_of(text, at.strip("`")),
        ) from None


def _string_dates() -> Any:
    """Return a safe YAML loader that leaves a date the text that was written."""
    import yaml

    class StringDates(yaml.SafeLoader):
        yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML reads it off the class
            first: [(tag, rx) for tag, rx in pairs if tag != "tag:yaml.org,2002:timestamp"]
            for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
        }

    return StringDates


def unknown_key(data: Any, kind: Any, at: str) -> str:
    """Return the path of the first key that `kind` does not know, or ``""``.

    msgspec checks types but lets unknown keys of a dataclass pass, and a typing
    error in a key (``expalin:``) is the commonest slip of an author.
    """
    origin, args = get_origin(kind), get_args(kind)
    if dataclasses.is_dataclass(kind) and isinstance(data, dict):
        hints = get_type_hints(kind)
        for key, value in data.items():
            if key not in hints:
                return f"{at}.{key}"
            if found := unknown_key(value, hints[key], f"{at}.{key}"):
                return found
    elif origin in (list, tuple) and isinstance(data, list):
        for n, value in enumerate(data):
            if found := unknown_key(value, args[0], f"{at}[{n}]"):
                return found
    elif origin is dict and isinstance(data, dict):
        for key, value in data.items():
            if found := unknown_key(value, args[1], f"{at}[{key}]"):
                return found
    elif origin in (Union, UnionType):
        inner = [a for a in args if a is not type(None)]
        if len(inner) == 1 and data is not None:
            return unknown_key(data, inner[0], at)
    return ""


def line_of(text: str, at: str) -> int | None:
    """Return the line of a msgspec path such as ``$.questions[2].stem``, counted from 1."""
    import yaml

    node = yaml.compose(text, Loader=yaml.SafeLoader)
    line = node.start_mark.line + 1 if node else None
    for name, index in re.findall(r"\.([\w-]+)|\[(.*?)\]", at):
        if isinstance(node, yaml.SequenceNode) and index.isdigit() and int(index) < len(node.value):
            node = node.value[int(index)]
        elif isinstance(node, yaml.MappingNode):
            keys = {k.value: (k, v) for k, v in node.value}
            if (name or index) not in keys:
                break
            key, node = keys[name or index]
            line = key.start_mark.line + 1
            continue
        else:
            break
        line = node.start_mark.line + 1
    return line
