"""A run of the benchmark: measures what has not been measured yet."""

import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from statistics import fmean
from typing import Any

from benchmarks.candidates import machine, weights
from benchmarks.candidates.contenders import Contender
from benchmarks.candidates.genotypes import WARM_UP, network_config
from benchmarks.candidates.launch import MeasurementError, launch
from benchmarks.candidates.results import ERROR, Found, Key, Results
from benchmarks.candidates.setting import Setting
from benchmarks.candidates.workload import Workload
from hnas_tf.genotype import Genotype, genotype_to_json
from hnas_tf.plan import make_plan

PEAKS = "peaks"
_HOME = "benchmarks.candidates"


class Session:
    """What is measured with, and where it is noted.

    A failure is found like anything else, and tried again by the next run.

    Attributes:
        workload: What all contenders do.
        missing: Contenders that cannot run here, with the reason.
    """

    def __init__(
        self,
        workload: Workload,
        results: Results,
        genotypes: dict[str, Genotype],
    ) -> None:
        self.workload = workload
        self.missing: dict[str, str] = {}
        self._versions: dict[str, dict[str, str]] = {}
        self._results = results
        self._documents = {
            name: self._document(genotype)
            for name, genotype in genotypes.items()
        }
        self._warm_up = self._document(WARM_UP)
        self._cores = machine.cores()
        self._machine = machine.describe()

    def admit(self, contender: Contender) -> bool:
        """Returns whether a contender can run here."""
        try:
            found = machine.versions(contender.library)
        except LookupError as error:
            self.missing[contender.name] = str(error)
            return False
        if contender.is_ours:
            found = {**found, "hnas_tf": machine.digest_of_hnas_tf()}
        self._versions[contender.name] = found
        return True

    def versions_of(self, contender: Contender) -> dict[str, str]:
        return self._versions[contender.name]

    def time(
        self, contender: Contender, setting: Setting, genotype: str, part: str
    ) -> Found:
        """Returns how fast a candidate is, all processes together.

        Args:
            contender: Whose.
            setting: How it shares the machine.
            genotype: The candidate's name.
            part: `calibration`, or a round.
        """
        return self._measured(
            self._key(contender, genotype, part, setting),
            lambda: _together(
                self._launch(contender, setting, self._job(contender, genotype))
            ),
        )

    def peaks(self, contender: Contender, setting: Setting, part: str) -> Found:
        """Returns what the machine does at most, shared out in the same way."""
        # All cores, also where an operation of ours has one.
        alike = Setting(setting.processes)
        job = {"workload": asdict(self.workload)}
        return self._measured(
            self._key(contender, PEAKS, part, alike),
            lambda: _together(self._launch(contender, alike, job, PEAKS)),
        )

    def logits(self, contender: Contender, genotype: str) -> Found:
        """Returns what a network says, with weights that all are given."""
        alone = Setting(1)
        key = self._key(contender, genotype, "function", alone)

        def ask() -> Found:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "weights.npz"
                weights.save(self._documents[genotype]["plan"], path)
                job = self._job(contender, genotype, weights=str(path))
                return self._launch(contender, alone, job)[0]

        return self._measured(key, ask)

    def _measured(self, key: Key, measure: Callable[[], Found]) -> Found:
        found = self._results.get(key)
        if found is None or ERROR in found:
            try:
                found = measure()
            except MeasurementError as error:
                found = {ERROR: str(error)}
            self._results.add(key, found)
            _report(key, found)
        return found

    def _key(
        self, contender: Contender, what: str, part: str, setting: Setting
    ) -> Key:
        return {
            "contender": contender.name,
            "genotype": what,
            "part": part,
            "setting": str(setting),
            "versions": self._versions[contender.name],
            "machine": self._machine,
            "workload": asdict(self.workload),
        }

    def _document(self, genotype: Genotype) -> dict[str, Any]:
        plan = make_plan(genotype, network_config(self.workload))
        return {
            "genotype": genotype_to_json(genotype),
            "plan": [list(operation) for operation in plan.operations],
        }

    def _job(
        self, contender: Contender, genotype: str, *, weights: str = ""
    ) -> dict[str, Any]:
        return {
            "program": contender.program,
            "workload": asdict(self.workload),
            "warm_up": self._warm_up,
            "candidate": self._documents[genotype],
            "weights": weights,
        }

    def _launch(
        self,
        contender: Contender,
        setting: Setting,
        job: dict[str, Any],
        module: str = "child",
    ) -> list[Found]:
        return launch(
            [contender.library.python, "-m", f"{_HOME}.{module}"],
            job,
            contender.environment(setting),
            setting.cores_of_each(self._cores),
        )


def _report(key: Key, found: Found) -> None:
    """Prints what was measured, since all of it takes hours."""
    what = ", ".join(
        key[name] for name in ("contender", "genotype", "part", "setting")
    )
    if "images_per_second" in found:
        what += f": {found['images_per_second']:,.0f} images/s"
    print(f"{what}: {found[ERROR]}" if ERROR in found else what, flush=True)


def _together(found: list[Found]) -> Found:
    """Returns what processes did at the same time: rates are summed."""
    return {
        "processes": len(found),
        **{
            name: (sum if name.endswith("_per_second") else fmean)(
                one[name] for one in found
            )
            for name in found[0]
        },
    }
