"""Whatever a text holds, TensorBoard shows it and nothing else."""

import html.parser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hnas_tf.errors import escaped
from hnas_tf.reporting.event_file import as_code
from tests.genotype.samples import REPEATABLE

PIECES = (
    *("<", "</", ">", "<!--", "-->", "<![CDATA[", "]]>", "<?", "<!DOCTYPE"),
    *("<script>", "</script>", "<img src=x onerror=alert(1)>", "<pre>"),
    *("</pre>", "</code>", "<div markdown=1>", "&", "&lt;", "&#60;", ";"),
    *("`", "```", "~~~", "[a](javascript:a)", "[a]: http://a", "#", "|", "*"),
    *("---", "\\", " ", "    ", "\t", "\n", "\n\n", "\r", "\v", "\u2028"),
    *("\x02", "\x02wzxhzdk:0\x03", "\x1b[31m", "\x00", "é", "一", "a"),
)


class Reader(html.parser.HTMLParser):
    """Keeps the elements and the text of a page."""

    def __init__(self):
        super().__init__()
        self.elements, self.text = set(), ""

    def handle_starttag(self, tag, attributes):
        self.elements.add((tag, *attributes))

    def handle_data(self, data):
        self.text += data


def lines(text):
    return [line.rstrip() for line in text.splitlines() if line.strip()]


@pytest.mark.filterwarnings("ignore:html5lib's sanitizer is deprecated")
@REPEATABLE
@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join))
def test_markup_stays_text(text):
    from tensorboard.plugin_util import markdown_to_safe_html

    reader = Reader()
    reader.feed(markdown_to_safe_html("Words.\n" + as_code(text)))
    reader.close()
    assert reader.elements <= {("p",), ("pre",), ("code",)}
    shown = [escaped(line) for line in text.splitlines()]
    assert lines(reader.text) == ["Words.", *lines("\n".join(shown))]
