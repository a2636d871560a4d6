import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.quiz.markup import spans, to_html, to_plain


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Is `E11` a *header*?", "Is <code>E11</code> a <em>header</em>?"),
        ("**Never** code it", "<strong>Never</strong> code it"),
        ("2 * 3 * 4 and a_b_c", "2 * 3 * 4 and a_b_c"),
        ("`a*b*c`", "<code>a*b*c</code>"),
        ("<b>x</b> & `<i>`", "&lt;b&gt;x&lt;/b&gt; &amp; <code>&lt;i&gt;</code>"),
        ("one ` alone, one * alone", "one ` alone, one * alone"),
    ],
)
def test_markup(text: str, html: str) -> None:
    assert to_html(text) == html


@given(st.text())
def test_no_text_is_lost_and_none_becomes_a_tag(text: str) -> None:
    assert all(inner in text for _, inner in spans(text))
    plain = to_plain(text)
    assert plain.replace("*", "").replace("`", "") == text.replace("*", "").replace("`", "")
    tags = to_html(text).count("<")
    assert tags == 2 * sum(kind != "text" for kind, _ in spans(text))
