"""How many processes and threads suit a contender best."""

from collections.abc import Iterable

from benchmarks.candidates.contenders import Contender
from benchmarks.candidates.genotypes import CALIBRATION
from benchmarks.candidates.results import Found
from benchmarks.candidates.session import Session
from benchmarks.candidates.setting import Setting

Tried = dict[str, dict[Setting, Found]]
"""What was found with each setting, by contender."""


def try_settings(session: Session, contenders: Iterable[Contender]) -> Tried:
    """Returns what every setting brings, on one genotype.

    Who has no choice, or takes another's setting, is not tried.
    """
    return {
        contender.name: {
            setting: session.time(
                contender, setting, CALIBRATION, "calibration"
            )
            for setting in contender.settings
        }
        for contender in contenders
        if len(contender.settings) > 1 and not contender.like
    }


def best_setting(contender: Contender, tried: Tried) -> Setting:
    """Returns the one that trained most pictures a second."""
    found = tried.get(contender.like or contender.name)
    if found is None:
        return contender.settings[0]
    # A setting that failed, for lack of memory perhaps, has no rate.
    return max(found, key=lambda one: found[one].get("images_per_second", 0.0))
