"""What a search lets a candidate cost."""

from hnas_tf.config import SearchConfig
from hnas_tf.errors import InvalidError, TooLargeError
from hnas_tf.genotype import Genotype, can_be_assembled
from hnas_tf.plan import Cost, make_plan, plan_cost


def cost_within_budget(genotype: Genotype, config: SearchConfig) -> Cost | None:
    """Returns the cost of a genotype, `None` if it is over the budget."""
    training, budget = config.training, config.evolution
    try:
        plan = make_plan(genotype, config.network)
    except TooLargeError:
        return None
    cost = plan_cost(
        plan,
        image_size=(training.crop_size, training.crop_size),
        batch_size=training.batch_size,
    )
    pairs = (
        (cost.parameters, budget.max_parameters),
        (cost.multiply_adds, budget.max_multiply_adds),
        (cost.activation_bytes, budget.max_activation_bytes),
    )
    fits = all(most is None or value <= most for value, most in pairs)
    return cost if fits else None


def check_given(config: SearchConfig) -> list[Cost]:
    """Returns the costs of the genotypes that a search is started with.

    Raises:
        InvalidError: if one of them cannot be trained; says which.
    """
    costs = []
    for number, genotype in enumerate(config.given_genotypes, start=1):
        cost = None
        if can_be_assembled(genotype):
            cost = cost_within_budget(genotype, config)
        if cost is None:
            raise InvalidError(
                "Expected initial genotypes within the budget whose cells "
                f"carry something. Received: another one at place {number}"
            )
        costs.append(cost)
    return costs
