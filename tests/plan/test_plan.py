"""What holds for every plan: order, names, widths."""

from hypothesis import assume, given
from hypothesis import strategies as st

from hnas_tf.config import NetworkConfig
from hnas_tf.genotype import PRIMITIVES, can_be_assembled
from hnas_tf.plan import make_plan
from hnas_tf.plan import plan as kinds
from tests.genotype.samples import REPEATABLE, genotypes


def networks(kind, least):
    return st.builds(
        NetworkConfig,
        kind=st.just(kind),
        num_channels=st.integers(least, 9),
        cells_per_group=st.integers(1, 2),
        num_groups=st.integers(1, 3),
        motif_width=st.sampled_from(["cell", "input"]),
    )


NETWORKS = networks("cifar", 1) | networks("imagenet", 2)


@st.composite
def plans(draw):
    genotype = draw(genotypes())
    assume(can_be_assembled(genotype))
    return make_plan(genotype, draw(NETWORKS))


@given(plans())
@REPEATABLE
def test_every_input_comes_first(plan):
    for position, operation in enumerate(plan.operations):
        assert all(0 <= i < position for i in operation.inputs)
        assert bool(operation.inputs) == (operation.kind != kinds.IMAGES)


@given(plans())
@REPEATABLE
def test_every_output_but_the_last_is_read(plan):
    read = {i for operation in plan.operations for i in operation.inputs}
    assert read == set(range(len(plan.operations) - 1))


@given(plans())
@REPEATABLE
def test_names_are_unique(plan):
    names = [operation.name for operation in plan.operations]
    assert len(names) == len(set(names))


@given(plans())
@REPEATABLE
def test_widths_follow_from_the_inputs(plan):
    for operation in plan.operations:
        widths = [plan.operations[i].width for i in operation.inputs]
        if operation.kind == kinds.CONCATENATE:
            assert len(widths) > 1
            assert operation.width == sum(widths)
        elif widths:
            assert len(widths) == 1
        primitive = PRIMITIVES.get(operation.kind)
        if primitive and not primitive.sets_width:
            assert operation.width == widths[0]


@given(plans())
@REPEATABLE
def test_a_plan_leads_from_the_images_to_the_logits(plan):
    kind_of = [operation.kind for operation in plan.operations]
    assert kind_of[:2] == [kinds.IMAGES, kinds.STEM_CONV]
    assert kind_of[-2:] == [kinds.GLOBAL_AVG_POOL, kinds.DENSE]
    assert plan.operations[-1].width == 10
    assert plan.operations[0].width == 3
