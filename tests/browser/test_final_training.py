"""TensorBoard, opened on a final training."""

import re

import pytest
from playwright.sync_api import expect

from hnas_tf.genotype import genotype_to_json
from tests import processes
from tests.browser import boards
from tests.browser.searches import MARKUP
from tests.training.samples import GENOTYPE

FLAGS = (
    *("--num_channels=3", "--num_groups=1", "--cells_per_group=1"),
    *("--crop_size=8", "--padding=1", "--batch_size=32", "--threads=1"),
    *("--num_steps=30", "--num_repeats=1", "--checkpoint_steps=10"),
    "--notrain_on_validation",
)
SCALARS = (
    *("loss/training", "accuracy/training", "accuracy/validation"),
    *("learning_rate", "speed/images_per_second"),
)


@pytest.fixture(scope="module")
def address(browser, tmp_path_factory):
    """TensorBoard on the workdir of a training of the digits."""
    del browser  # Without one, nobody would look.
    workdir = tmp_path_factory.mktemp("final") / MARKUP
    genotype = workdir.parent / "genotype.json"
    genotype.write_text(genotype_to_json(GENOTYPE))
    code, _, err = processes.run(
        processes.new_mark(),
        "train",
        f"--workdir={workdir}",
        f"--genotype={genotype}",
        *FLAGS,
    )
    assert code == 0, err
    with boards.serve(workdir, *boards.WHOLE) as address:
        yield address


@pytest.mark.parametrize("tag", SCALARS)
def test_scalars_show_the_curves(page, address, tag):
    page.goto(f"{address}#scalars&tagFilter=^{tag}$")
    matching = page.locator("tf-category-paginated-view").first
    expect(matching.locator("tf-scalar-card")).to_have_count(1)
    line = matching.locator("path.line").first
    expect(line).to_have_attribute("d", re.compile("^M.*L"))


@pytest.mark.parametrize("name", ["confusion_matrix", "worst_mistakes"])
def test_images_show_what_is_taken_for_what(page, address, name):
    page.goto(f"{address}#images&tagFilter=^measured/{name}")
    matching = page.locator("tf-category-paginated-view").first
    picture = matching.locator("tf-image-loader img")
    expect(picture).to_have_count(1)
    picture.click()
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") > 500


def test_the_graph_folds_into_the_genotype(page, address):
    boards.unfold(page, address, GENOTYPE)
