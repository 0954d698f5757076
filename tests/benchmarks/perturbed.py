"""A contender that is wrong: one weight of one kernel is off."""

from benchmarks.candidates import stock


class Program(stock.Program):
    def build(self, document):
        candidate = super().build(document)
        candidate.load = lambda weights: stock.Candidate.load(
            candidate, perturbed(weights)
        )
        return candidate


def perturbed(weights):
    (name, *_) = (one for one in weights if one.endswith(".conv/kernel"))
    kernel = weights[name].copy()
    kernel.flat[0] += 1.0
    return {**weights, name: kernel}
