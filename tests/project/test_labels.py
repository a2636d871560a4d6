"""The labels of the widgets: complete in every language, used, and the only words in the scripts."""

import re
from pathlib import Path
from string import Formatter

import pytest

from course_lib import drills, labels, quiz
from course_lib.errors import CourseError
from course_lib.labels import t
from course_lib.widgets._assets import script

LANGUAGES = labels.languages()


def forms(label: labels.Label) -> list[str]:
    return [label] if isinstance(label, str) else list(label.values())


def placeholders(label: labels.Label) -> set[str]:
    return {name for text in forms(label) for _, name, _, _ in Formatter().parse(text) if name}


def differences(ours: dict[str, labels.Label], theirs: dict[str, labels.Label]) -> list[str]:
    """Return the keys that only one table has, and those whose placeholders differ."""
    shared = ours.keys() & theirs.keys()
    return sorted(
        (ours.keys() ^ theirs.keys())
        | {key for key in shared if placeholders(ours[key]) != placeholders(theirs[key])}
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_table_has_the_keys_and_placeholders_of_the_english_one(language: str) -> None:
    own = labels.read(language)
    assert differences(labels.read("en"), own) == []
    for key, label in own.items():
        assert isinstance(label, str) or {"one", "other"} <= set(label) <= {"zero", "one", "other"}, key
        assert all(text.strip() and not re.search("[<>&]", text) for text in forms(label)), key


def test_a_missing_key_and_a_wrong_placeholder_are_seen() -> None:
    english = labels.read("en")
    one_less = {key: label for key, label in english.items() if key != "quiz.check"}
    assert differences(english, one_less) == ["quiz.check"]
    assert differences(english, {**english, "quiz.count": "{done} de {total}"}) == ["quiz.count"]


def test_a_label_that_a_table_lacks_is_english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "en.json").write_text('{"quiz.check": "Check", "quiz.hint": "Hint"}')
    (tmp_path / "es.json").write_text('{"quiz.check": "Comprobar"}')
    monkeypatch.setattr(labels, "FOLDER", tmp_path)
    monkeypatch.setenv("COURSE_LANGUAGE", "es")
    labels.table.cache_clear()
    try:
        assert (t("quiz.check"), t("quiz.hint")) == ("Comprobar", "Hint")
    finally:
        labels.table.cache_clear()


def test_a_language_without_a_table_is_an_error_that_lists_those_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COURSE_LANGUAGE", "xx")
    with pytest.raises(CourseError, match=r"language 'xx'.*one of: en, es") as caught:
        t("quiz.check")
    assert caught.value.remedy
    monkeypatch.setenv("COURSE_LANGUAGE", " ES ")
    assert t("quiz.check") == "Comprobar"


def test_the_number_chooses_the_form(monkeypatch: pytest.MonkeyPatch) -> None:
    said = [t("quiz.options", hits=1, right=2, n=n) for n in (0, 1, 2)]
    assert [words.rpartition("and ")[2] for words in said] == ["no wrong one", "1 wrong one", "2 wrong ones"]
    assert [t("explorer.found", n=n, query="'x'")[:9] for n in (1, 2)] == ["1 result ", "2 results"]
    monkeypatch.setenv("COURSE_LANGUAGE", "es")
    assert [t("explorer.found", n=n, query="'x'")[:11] for n in (1, 2)] == ["1 resultado", "2 resultado"]


def test_a_widget_speaks_the_language_of_its_day_and_the_content_stays_english(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain = quiz.show("icd-structure", question="header-or-code")
    monkeypatch.setenv("COURSE_LANGUAGE", "es")
    spanish = quiz.show("icd-structure", question="header-or-code")
    assert '"Check"' in plain._esm and "Comprobar" not in plain._esm
    assert "Comprobar" in spanish._esm and '"Check"' not in spanish._esm
    assert spanish.quiz == plain.quiz
    html = spanish._repr_mimebundle_()[0]["text/html"]
    assert html.startswith('<div lang="es"><p><strong>Compruebe lo que sabe</strong></p><p><span lang="en">')
    assert "Respuesta y razones" in html
    drill = drills.practice("chapter", seed=1)
    drill.answers = {drill.item["question"]["id"]: [0]}
    assert drill.score.startswith("Correctas a la primera: ")


# What follows looks for words in the scripts.

WORDS = re.compile(r"\b[A-Z][a-z]+|\b[a-z]{2,},? | [a-z]{2,}\b")
TOKEN = re.compile(
    r"""//[^\n]*|/\*.*?\*/|("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`)""", re.DOTALL
)
# What nobody reads: keys, lists of classes and of events, a link's type, a selector.
NAMES = re.compile(
    r"(Arrow(Up|Down|Left|Right)|Enter|Tab|Escape|Home|End)|(cw-[\w-]* ?)+|(change:\w+ ?)+"
    r"|noopener noreferrer|:scope > ul"
)


def words_in(code: str) -> list[str]:
    """Return the literals of a script that a learner would read."""
    known = {text for label in labels.read("en").values() for text in forms(label)}
    known -= {"right"}  # a verdict, too; see the next line
    found = []
    for literal in filter(None, TOKEN.findall(code)):
        text = re.sub(r"\$\{[^}]*\}", "", literal[1:-1])
        read = WORDS.search(text) or text.strip() in known or text in (" right", " not right")
        if read and not NAMES.fullmatch(text.strip()):
            found.append(literal)
    return found


SCRIPTS = [*sorted(labels.FOLDER.parent.glob("*.js")), labels.FOLDER.parents[2] / "docs/_static/live.js"]


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_no_script_has_words_of_its_own(file: Path) -> None:
    code = file.read_text(encoding="utf-8")
    assert words_in(code) == []
    assert re.findall(r'(?<!function )\bt\((?!")', code) == [], "a label's key must be a literal"


@pytest.mark.parametrize(
    "code",
    [
        'make("button", {}, "Check")',
        'make("p", { className: "cw-x" }, "nothing")',
        'say("no answer yet")',
        "say(`${done} of ${n} answered`)",
        "say(`Move ${word}`)",
        'mark.append(correct ? " right" : "")',
        "make('p', {}, 'Source: ', name)",
    ],
)
def test_words_in_a_script_are_seen(code: str) -> None:
    assert len(words_in(code)) == 1


def test_every_key_that_is_used_has_a_label_and_every_label_is_used() -> None:
    folder = labels.FOLDER.parents[1]
    files = [*SCRIPTS, *folder.rglob("*.py"), *(folder.parent / "docs/_ext").glob("*.py")]
    code = "".join(file.read_text(encoding="utf-8") for file in files)
    used = set(re.findall(r"""\bt\(\s*["'](\w[\w.-]+)["']""", code))
    used |= set(re.findall(r'"((?:quiz|explorer)\.[a-z-]+)"', code)) & labels.read("en").keys()
    begun = set(re.findall(r"""\bt\(\s*f["'](\w[\w.-]+)\{""", code))
    known = labels.read("en").keys()
    assert used - known == set()
    assert {key for key in known - used if not key.startswith(tuple(begun))} == set()
    assert all(any(key.startswith(start) for key in known) for start in begun)


def test_a_script_carries_the_labels_of_its_own_groups_only() -> None:
    code = script("explorer.js")
    assert '"explorer.tree"' in code and '"planner.make"' not in code and '"quiz.check"' not in code
