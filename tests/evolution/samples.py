"""A search in memory, with a toy for a fitness."""

from random import Random

from hnas_tf.config import EvolutionConfig, SearchConfig
from hnas_tf.evolution import Controller, Told
from hnas_tf.genotype import genotype_to_json


def make_config(*, seed=0, space=None, **evolution):
    """Returns a small search; its random genotypes take few mutations."""
    values = {"initial_population": 5, "num_initial_mutations": 30, **evolution}
    others = {} if space is None else {"space": space}
    return SearchConfig(
        seed=seed, evolution=EvolutionConfig(**values), **others
    )


def toy_fitness(genotype):
    """Returns a fitness that depends on nothing but the genotype."""
    return Random(genotype_to_json(genotype)).random()


class ToySearch:
    """A controller, its proposals, and what was told to it in order."""

    def __init__(self, config):
        self.config = config
        self.proposals = {}
        self.told = []
        self.controller = Controller(config, fetch_genotype=self.fetch)

    def fetch(self, number):
        return self.proposals[number].genotype

    def ask(self):
        proposal = self.controller.ask()
        self.proposals[proposal.number] = proposal
        return proposal

    def tell(self, number):
        proposal = self.proposals[number]
        fitness = toy_fitness(proposal.genotype)
        self.told.append(Told(number, fitness, 1.0, proposal.cost))
        self.controller.tell(self.told[-1])

    def run(self, num_proposals, *, num_outstanding=1, seed=0, fail=()):
        """Asks and tells, in an order that depends on `seed`.

        Whoever is in `fail` is never told.
        """
        rng = Random(seed)
        outstanding = []
        while len(self.proposals) < num_proposals:
            outstanding.append(self.ask().number)
            if len(outstanding) == num_outstanding:
                number = outstanding.pop(rng.randrange(num_outstanding))
                if number not in fail:
                    self.tell(number)
        return list(self.proposals.values())

    def restored(self):
        """Returns a new controller that stands where this one stands."""
        return Controller(
            self.config,
            fetch_genotype=self.fetch,
            num_proposed=self.controller.num_proposed,
            told=self.told,
        )
