"""The page of a search, as a person sees and uses it."""

import re
from importlib.resources import files
from random import Random

import pytest

from hnas_tf.archive import Archive
from hnas_tf.evolution.initialization import random_genotype
from hnas_tf.genotype import FLAT, HIERARCHICAL
from hnas_tf.reporting.curves import assign_lanes, curve_of, label_center
from hnas_tf.reporting.report import page as report
from tests import processes
from tests.reporting.report import searches

_CURVES = files("hnas_tf.reporting.report") / "assets" / "curves.js"


@pytest.fixture
def path(tmp_path):
    """Returns the file of a page about a family of three, and a failure."""
    return written(tmp_path, "runs/mine")


def written(folder, *names):
    texts = []
    for place, name in enumerate(names):
        workdir = folder / str(place)
        config = searches.write(workdir, *searches.events())
        archive = Archive.open(workdir)
        texts.append(searches.subject(archive, config, name))
    path = folder / "report.html"
    path.write_text(report(texts), encoding="utf-8")
    for subject in texts:
        subject.archive.close()
    return path


def opened(page, path):
    page.goto(path.as_uri())
    page.wait_for_selector("[data-ready]")
    return page


def legends(page):
    """Returns what the legend of the first chart says."""
    chart = page.locator(".chart").first
    chart.scroll_into_view_if_needed()
    chart.locator(".legendtext").first.wait_for()
    return chart.locator(".legendtext").all_text_contents()


def test_it_says_what_was_searched_and_what_won(page, path):
    text = opened(page, path).inner_text("main")
    assert "A search for hierarchical cells of 5 nodes" in text
    assert "85.00 %" in text
    assert "ahead of the best of the 1 random network" in text
    assert "1 individual failed, and is not shown." in text
    assert "Verified." in text


def test_the_page_of_a_real_search(page, searched, tmp_path):
    path = tmp_path / "report.html"
    code, _, err = processes.run(
        *(processes.new_mark(), "report"),
        *(f"--workdir={searched}", f"--output={path}"),
    )
    assert code == 0, err
    text = opened(page, path).inner_text("main")
    assert str(searched) in page.inner_text(".name")
    assert "on digits (10 classes, 8x8 of each)" in text
    assert "Finished: " in text
    assert "Verified: " in text
    with Archive.open(searched) as archive:
        (best,) = archive.fittest(1)
        (failed, *_) = archive.events(kind="failed")
    assert page.locator("#individual h3").inner_text() == (
        f"Individual {best.number}"
    )
    page.get_by_role("spinbutton", name="Individual").fill(
        str(failed["individual"])
    )
    page.keyboard.press("Enter")
    shown = page.inner_text("#individual .failure")
    assert failed["detail"].strip().splitlines()[-1] in shown


def test_charts_are_drawn_as_they_come_into_sight(page, path):
    opened(page, path)
    charts = page.locator(".chart")
    for place in range(charts.count()):
        charts.nth(place).scroll_into_view_if_needed()
        charts.nth(place).locator(".main-svg").first.wait_for()
    assert charts.count() == 6


def test_a_chosen_point_shows_its_individual(page, path):
    opened(page, path)
    chart = page.locator(".chart").first
    chart.scroll_into_view_if_needed()
    point = chart.locator(".scatterlayer .point").first
    point.wait_for()
    box = point.bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*middle)
    page.mouse.click(*middle)
    page.get_by_role("heading", name="Individual 1", exact=True).wait_for()
    assert "50.00 %, 60.00 %" in page.inner_text("#individual")
    assert "A worker was lost under it." in page.inner_text("#individual")


def test_the_keyboard_reaches_every_individual(page, path):
    opened(page, path)
    field = page.get_by_role("spinbutton", name="Individual")
    field.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Individual 4").wait_for()
    button = page.get_by_role("button", name="winner")
    button.focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Individual 2").wait_for()


def test_the_family_is_followed(page, path):
    opened(page, path)
    page.get_by_role("spinbutton", name="Individual").fill("3")
    page.keyboard.press("Enter")
    steps = page.locator(".family li")
    assert steps.count() == 3
    assert "random" in steps.nth(0).inner_text()
    assert "cell, edge 1 → 3: none → motif 2" in steps.nth(1).inner_text()
    assert (
        steps.nth(1).locator(".edge.added .label").text_content() == "+ motif 2"
    )
    assert "stays the same" in steps.nth(2).inner_text()
    assert steps.nth(2).locator("svg").count() == 0
    steps.nth(0).get_by_role("button").click()
    page.get_by_role("heading", name="Individual 1", exact=True).wait_for()


def test_markup_stays_text(page, tmp_path):
    dialogs = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.dismiss()))
    opened(page, written(tmp_path, searches.MARKUP, "other"))
    assert searches.MARKUP in page.inner_text(".name")
    page.get_by_role("spinbutton", name="Individual").fill("4")
    page.keyboard.press("Enter")
    assert page.inner_text("#individual pre") == searches.MARKUP
    # In the legend, too, which has markup of its own.
    assert searches.MARKUP in legends(page)
    assert not dialogs


def test_two_searches_are_shown_on_the_same_axes(page, tmp_path):
    opened(page, written(tmp_path, "first", "second"))
    assert {"first", "second"} <= set(legends(page))
    page.get_by_role("combobox", name="Search").select_option("1")
    assert page.inner_text(".name") == "second"


@pytest.mark.parametrize("width", [390, 1400])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_overflows_and_all_can_be_read(page, path, width, scheme):
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    opened(page, path)
    size = page.evaluate("document.documentElement.scrollWidth")
    assert size <= width
    ink, paper = page.evaluate(
        "[getComputedStyle(document.body).color,"
        " getComputedStyle(document.body).backgroundColor]"
    )
    assert contrast(ink, paper) >= 7


def test_paper_is_light_whatever_the_screen_is(page, path):
    page.emulate_media(color_scheme="dark")
    opened(page, path)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    drawn = page.locator(".chart .main-svg").first
    drawn.wait_for(state="attached")
    ink = page.locator(".chart .xtitle").first.evaluate(
        "element => getComputedStyle(element).fill"
    )
    assert contrast(ink, "rgb(255, 255, 255)") >= 7
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    ink = page.locator(".chart .xtitle").first.evaluate(
        "element => getComputedStyle(element).fill"
    )
    assert contrast(ink, "rgb(21, 23, 26)") >= 7


def contrast(one, other):
    """Returns the ratio of two colours' luminances, as WCAG defines it."""
    lights = sorted(map(luminance, (one, other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def luminance(colour):
    def linear(part):
        value = int(part) / 255
        return (
            value / 12.92 if value <= 0.04 else ((value + 0.055) / 1.055) ** 2.4
        )

    red, green, blue = map(linear, re.findall(r"\d+", colour)[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("space", [HIERARCHICAL, FLAT], ids=["hier", "flat"])
def test_pictures_have_the_one_layout(page, space):
    page.goto("about:blank")
    page.add_script_tag(content=_CURVES.read_text(encoding="utf-8"))
    for seed in range(5):
        genotype = random_genotype(space, Random(seed), num_mutations=100)
        for motif in (m for level in genotype.motifs for m in level):
            found = page.evaluate(
                "edges => layOut(edges.map(([source, target]) =>"
                " ({source, target})))",
                [edge[:2] for edge in motif.edges()],
            )
            assert {(e["source"], e["target"]): placed(e) for e in found} == (
                expected(motif)
            )


def placed(edge):
    points = [*edge["curve"], edge["label"]]
    return edge["lane"], pytest.approx([x for point in points for x in point])


def expected(motif):
    lanes = assign_lanes(motif)
    curves = {edge: curve_of(edge, lanes) for edge in lanes}
    return {
        edge[:2]: (
            lanes[edge],
            [
                x
                for point in (*curves[edge], label_center(edge, lanes, curves))
                for x in point
            ],
        )
        for edge in lanes
    }
