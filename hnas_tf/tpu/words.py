"""What a person reads of a preflight: lower bounds, and expectations."""

from collections.abc import Callable, Sequence
from statistics import median, quantiles

from hnas_tf.config import PreflightConfig, SearchConfig
from hnas_tf.reporting.table import aligned
from hnas_tf.tpu.checked import Checked, Sampled
from hnas_tf.tpu.estimate import final_hours, price_of, search_hours
from hnas_tf.tpu.job import STEPS, TRAINING
from hnas_tf.tpu.verdict import Compiled, Refused

_MIB, _GIB = 2**20, 2**30
_MOST_LINES = 12


def of_network(checked: Checked, asked: PreflightConfig) -> str:
    """Returns the verdicts, and what follows for the whole training."""
    rows = [("", *STEPS)] + [
        (title, *(_cell(checked, step, value) for step in STEPS))
        for title, value in _ROWS
    ]
    lines = [_device(checked), aligned(rows, left={0})]
    if bound := checked.bound(TRAINING):
        training = checked.job.training
        least, expected = (
            _cost(final_hours(training, seconds), asked, digits=2)
            for seconds in (bound.seconds, bound.expected_seconds)
        )
        lines.append(
            f"All {training.num_repeats} x {training.num_steps:,} steps: "
            f"lower bound {least}; the compiler expects {expected}."
        )
    return "\n".join([*lines, *_not_in_it(checked), *_refusals([checked])])


def of_search(
    sampled: Sampled, config: SearchConfig, asked: PreflightConfig
) -> str:
    """Returns how many genotypes fit, and what the search at least costs."""
    lines = [
        _device(sampled.checked[0]),
        f"{len(sampled.least)} of {len(sampled.checked)} random genotypes "
        "compile and fit.",
        f"{sampled.share_over_budget:.0%} of the random genotypes are over the "
        "budget of the search.",
    ]
    if sampled.least:
        lines.append(_times(sampled, config))
        lines += [
            _hours(sampled, config, asked, share)
            for share in asked.saved_fraction
        ]
    lines += _not_in_it(sampled.checked[0])
    return "\n".join([*lines, *_refusals(sampled.checked)])


def _device(checked: Checked) -> str:
    job, device = checked.job, checked.device
    return (
        f"{job.tpu_type}: {device.memory_bytes / _GIB:g} GiB, "
        f"{device.flops_per_second / 1e12:g} TFLOP/s and "
        f"{device.bytes_per_second / 1e9:g} GB/s a device; "
        f"{job.num_devices} of them share a batch, "
        f"{job.batch_size} pictures each."
    )


def _not_in_it(checked: Checked) -> list[str]:
    """Returns what several devices do that the program of one does not."""
    bound, number = checked.bound(TRAINING), checked.job.num_devices
    if bound is None or number == 1:
        return []
    return [
        f"What is compiled is the program of one device of {number}. Of a "
        f"step, {1e3 * bound.exchange_seconds:.2f} ms are the exchange of "
        "gradients, from the bytes of the parameters; that of batch norm's "
        "moments is not counted."
    ]


def _cell(
    checked: Checked, step: str, value: Callable[[Checked, str, Compiled], str]
) -> str:
    verdict = checked.verdicts[step]
    if isinstance(verdict, Compiled):
        return value(checked, step, verdict)
    return "-"


def _least(checked: Checked, step: str, verdict: Compiled) -> str:
    del verdict
    bound = checked.bound(step)
    return (
        f"{1e3 * bound.seconds:,.2f} ms ({bound.limited_by})" if bound else ""
    )


def _expected(checked: Checked, step: str, verdict: Compiled) -> str:
    del verdict
    bound = checked.bound(step)
    return f"{1e3 * bound.expected_seconds:,.2f} ms" if bound else ""


def _images(checked: Checked, step: str, verdict: Compiled) -> str:
    del verdict
    bound = checked.bound(step)
    images = checked.job.training.batch_size
    if bound is None:
        return ""
    expected, most = (
        images / seconds for seconds in (bound.expected_seconds, bound.seconds)
    )
    return f"{expected:,.0f}, at most {most:,.0f}"


_ROWS: list[tuple[str, Callable[[Checked, str, Compiled], str]]] = [
    ("compiles and fits", lambda c, s, v: "yes"),
    ("seconds to compile", lambda c, s, v: f"{v.compile_seconds:.1f}"),
    ("memory, MiB", lambda c, s, v: f"{v.memory.total / _MIB:,.1f}"),
    ("  arguments", lambda c, s, v: f"{v.memory.arguments / _MIB:,.1f}"),
    ("  outputs", lambda c, s, v: f"{v.memory.outputs / _MIB:,.1f}"),
    ("  temporaries", lambda c, s, v: f"{v.memory.temporaries / _MIB:,.1f}"),
    ("  code", lambda c, s, v: f"{v.memory.code / _MIB:,.1f}"),
    ("GFLOP a step", lambda c, s, v: f"{v.flops / 1e9:,.1f}"),
    ("GB moved a step", lambda c, s, v: f"{v.bytes_moved / 1e9:,.2f}"),
    ("lower bound of a step", _least),
    ("the compiler expects", _expected),
    ("images/s", _images),
]


def _times(sampled: Sampled, config: SearchConfig) -> str:
    ahead = config.workers.prepares_ahead("tpu")
    columns = {
        "compiling, on this machine": [t.compiling for t in sampled.least],
        "training, lower bound": [t.training for t in sampled.least],
        "training, as the compiler expects": [
            t.training for t in sampled.expected
        ],
        "a candidate, as the compiler expects": [
            t.lasts(prepares_ahead=ahead) for t in sampled.expected
        ],
    }
    rows = [("seconds", "median", "nine in ten")] + [
        (title, f"{median(found):,.1f}", f"{_nine_in_ten(found):,.1f}")
        for title, found in columns.items()
    ]
    return aligned(rows, left={0})


def _nine_in_ten(found: Sequence[float]) -> float:
    """Returns what nine in ten stay below."""
    if len(found) == 1:
        return found[0]
    return quantiles(found, n=10, method="inclusive")[-1]


def _hours(
    sampled: Sampled,
    config: SearchConfig,
    asked: PreflightConfig,
    saved_fraction: float,
) -> str:
    number = config.evolution.num_evaluations
    saved = (
        f" of which {saved_fraction:.0%} are saved," if saved_fraction else ""
    )
    alone, least, expected = (
        _cost(
            search_hours(
                times,
                config,
                num_chips=asked.num_chips,
                saved_fraction=saved_fraction,
            ),
            asked,
        )
        for times in (sampled.chips_alone, sampled.least, sampled.expected)
    )
    return (
        f"The search, {number:,} candidates,{saved} on {asked.num_chips} "
        f"chips: lower bound {alone}; compiling as long as here {least}, and "
        f"as the compiler expects steps {expected}."
    )


def _cost(hours: float, asked: PreflightConfig, *, digits: int = 1) -> str:
    price = price_of(hours, asked)
    cost = "" if price is None else f", price {price:,.2f}"
    return f"{hours:,.{digits}f} hours{cost}"


def _refusals(checked: Sequence[Checked]) -> list[str]:
    """Returns the reasons of what does not compile or fit, each once."""
    lines: dict[str, None] = {}
    for one in checked:
        for step, verdict in one.verdicts.items():
            if isinstance(verdict, Refused):
                lines.setdefault(_refusal(step, verdict))
    return list(lines)


def _refusal(step: str, verdict: Refused) -> str:
    layers = f" At {', '.join(verdict.layers)}." if verdict.layers else ""
    detail = verdict.detail.strip().splitlines()[:_MOST_LINES]
    words = "".join(f"\n  {line}" for line in detail)
    return f"The {step} step: {verdict.reason}.{layers}{words}"
