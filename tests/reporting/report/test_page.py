import math
import re
import sqlite3

import pytest

from hnas_tf.archive import Archive, open_search
from hnas_tf.archive.archive import FILE_NAME
from hnas_tf.errors import ArchiveError
from hnas_tf.events import Finished, Submitted
from hnas_tf.reporting.report import page
from tests.reporting.report import searches


def written(workdir):
    config = searches.write(workdir, *searches.events())
    with Archive.open(workdir) as archive:
        name = f"runs/{searches.MARKUP}"
        return page([searches.subject(archive, config, name)])


def test_a_page_holds_all_that_it_needs(tmp_path):
    text = written(tmp_path)
    assert "Plotly" in text
    assert not re.search(r"<(script|link|img)[^>]* (src|href)=", text)
    assert "default-src 'none'" in text


def test_markup_ends_no_script(tmp_path):
    text = written(tmp_path)
    assert searches.MARKUP not in text
    data = text.partition('id="data">')[2].partition("</script>")[0]
    assert "<" not in data
    assert "\\u003cscript>alert('markup')" in data


def test_the_search_goes_on_beside_a_page(tmp_path):
    config = searches.write(tmp_path, *searches.events())
    with Archive.open(tmp_path) as reader:
        page([searches.subject(reader, config)])
        # Not even a reader of this moment is left, for which the log would
        # have to be kept.
        with open_search(tmp_path, config) as archive, archive.transaction():
            archive.record(Submitted(4, 2), time=searches.START + 99)
        with sqlite3.connect(tmp_path / FILE_NAME) as database:
            busy, *_ = database.execute(
                "PRAGMA wal_checkpoint(TRUNCATE)"
            ).fetchone()
        assert not busy


def test_infinite_numbers_are_refused(tmp_path):
    strange = Finished(1, 1, (0.5,), {"training": math.inf})
    config = searches.write(tmp_path, (0, Submitted(1, 1)), (9, strange))
    with (
        Archive.open(tmp_path) as archive,
        pytest.raises(ArchiveError, match="finite numbers"),
    ):
        page([searches.subject(archive, config)])
