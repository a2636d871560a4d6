"""The scripts and styles of the widgets: a widget is one module, so its files are put together."""

import json
import re
from pathlib import Path

from course_lib.labels import language, table

_HERE = Path(__file__).parent
_EXPORT = "export default { render };"


def script(*names: str) -> str:
    """Return JavaScript files as one module; only the last one's view is exported.

    Before them stand the labels of the groups that they use (``t("quiz.check")`` is of the group
    ``quiz``), in the language of `course_lib.labels`.
    """
    *helpers, last = ((_HERE / name).read_text(encoding="utf-8") for name in ("base.js", *names))
    code = "".join(text.replace(_EXPORT, "") for text in helpers) + last
    groups = tuple(f"{group}." for group in re.findall(r'\bt\("(\w+)\.', code))
    own = {key: text for key, text in table(language()).items() if key.startswith(groups)}
    return f"const LANGUAGE = {json.dumps(language())};\nconst LABELS = {json.dumps(own)};\n{code}"


def style(*names: str) -> str:
    """Return style sheets as one, the shared one first."""
    return "".join((_HERE / name).read_text(encoding="utf-8") for name in ("base.css", *names))
