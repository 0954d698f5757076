"""TensorBoard, opened on a real search."""

import json
import re
import shlex

import numpy as np
import pytest
from playwright.sync_api import expect

from hnas_tf.archive import Archive
from hnas_tf.genotype import genotype_from_json
from tests.browser import boards, searches

GROUPS = {
    "fitness": {
        *("best", "last", "mean_of_last_50", "median_of_last_50"),
        *("lower_quartile_of_last_50", "upper_quartile_of_last_50"),
        *("of_candidates", "std_of_candidates"),
    },
    "cost": {"parameters_of_best", "parameters_of_last"},
    "individuals": {"reused_fraction", "stopped_fraction", "failed_fraction"},
    "workers": {
        *("candidates_per_hour", "idle_fraction", "seconds_of_candidates"),
    },
}


@pytest.fixture(scope="module")
def address(searched):
    with boards.serve(searched, *boards.WHOLE) as address:
        yield address


@pytest.fixture
def archive(searched):
    with Archive.open(searched) as archive:
        yield archive


@pytest.mark.parametrize("group", GROUPS)
def test_scalars_show_every_figure(page, address, group):
    page.goto(f"{address}#scalars&tagFilter=^{group}/")
    matching = page.locator("tf-category-paginated-view").first
    cards = matching.locator("tf-scalar-card")
    expect(cards).to_have_count(len(GROUPS[group]))
    for name in GROUPS[group]:
        title = matching.get_by_text(f"{group}/{name}", exact=True)
        expect(title).to_be_visible()
    line = cards.first.locator("path.line").first
    expect(line).to_have_attribute("d", re.compile("^M.*L"))


def test_time_series_say_how_good_the_best_is(page, address, archive):
    (best,) = archive.fittest(1)
    page.goto(f"{address}#timeseries")
    tags = page.get_by_role("combobox", name="Filter tags (regex)")
    tags.fill("fitness/best")
    title = page.locator("[title='fitness/best']")
    card = page.locator("card-view", has=title)
    fitness = round(stored(best.fitness), 4)
    for value in (fitness, archive.num_individuals()):
        cell = card.get_by_text(str(value), exact=True).last
        expect(cell).to_be_visible()


def stored(value):
    """Returns a number as event files keep it."""
    return float(np.float32(value))


def test_images_show_the_picture_of_the_best(page, address, searched):
    page.goto(f"{address}#images")
    picture = page.locator("tf-image-loader img")
    expect(picture).to_have_count(1)
    picture.click()
    expect(picture).to_be_visible()
    shown = page.request.get(picture.evaluate("image => image.src")).body()
    assert shown == (searched / "best" / "genotype.png").read_bytes()
    assert picture.evaluate("image => image.naturalWidth") > 500


def texts(page, address, tags):
    """Returns what Text shows as code under some tags."""
    page.goto(f"{address}#text&tagFilter=^{tags}")
    shown = page.locator("tf-category-paginated-view").first.locator("pre")
    expect(shown.first).to_be_visible()
    return [text.strip() for text in shown.all_inner_texts()]


def test_texts_show_the_best_genotypes_the_latest_first(page, address, archive):
    (best,) = archive.fittest(1)
    shown = texts(page, address, "best/")
    assert genotype_from_json(shown[0]) == best.genotype


def test_texts_show_configuration_and_command(page, address, searched):
    command, configuration = texts(page, address, "search/")
    written = (searched / "config.json").read_text()
    assert json.loads(configuration) == json.loads(written)
    assert shlex.quote(f"--workdir={searched}") in command


def test_texts_show_markup_as_it_is(page, address):
    (failure,) = texts(page, address, "failures")
    first, *words = failure.splitlines()
    assert first == "individual 6, attempt 1: error"
    assert [line.strip() for line in words] == searches.FAILURE.splitlines()


def test_hparams_have_a_trial_for_every_candidate(page, address, archive):
    page.goto(f"{address}#hparams")
    table = page.locator("tf-hparams-table-view")
    for individual in archive.individuals():
        trial = f"individual {individual.number}"
        cell = table.get_by_text(trial, exact=True)
        if individual.fitness is None:
            expect(cell).to_have_count(0)
            continue
        expect(cell).to_be_visible()
        fitness = f"{stored(individual.fitness):#.5g}"
        expect(table.get_by_text(fitness, exact=True).first).to_be_visible()
    expect(table.get_by_text("random", exact=True)).to_have_count(3)


def test_the_graph_folds_into_the_genotype(page, address, archive):
    (best,) = archive.fittest(1)
    boards.unfold(page, address, best.genotype)
