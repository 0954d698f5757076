"""What `make tpu-smoke` does, with programs that only pretend."""

import json
import sys

from tests.tpu.samples import on_vm, program

# Writes a checkpoint and never ends; the second time it finishes, after half a
# minute, five milliseconds a step and two seconds a checkpoint.
TRAIN = """
import json, pathlib, sys, time
given = dict(a.split("=") for a in sys.argv if a.startswith("--") and "=" in a)
workdir = given["--workdir"]
folder = pathlib.Path(workdir) / "repeat_1"
if workdir.endswith("killed") and not folder.exists():
    folder.mkdir(parents=True)
    (folder / "step-100.index").touch()
    time.sleep(600)
assert "--tpu=local" in sys.argv
folder.mkdir(parents=True, exist_ok=True)
num_steps, every = (
    int(given.get(name, 1000)) for name in ("--num_steps", "--checkpoint_steps")
)
seconds = 30 + 0.005 * num_steps + 2 * -(-num_steps // every)
result = {"seconds": [seconds], "num_devices": 4}
(folder.parent / "result.json").write_text(json.dumps(result))
"""
PREFLIGHT = """
import json, os, pathlib, sys
if sys.argv[1:3] != ["-m", "hnas_tf.preflight"]:
    os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
pathlib.Path("asked").write_text(json.dumps(sys.argv[3:]))
bound = {"seconds": 0.001, "expected_seconds": 0.0025}
print(json.dumps({"training": {"lower_bound": bound}}))
"""


def test_a_training_is_killed_goes_on_and_is_held_against_its_bound(vm):
    program(vm, TRAIN)
    python = vm / "hnas_tf" / ".venv-preflight" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f"#!{sys.executable}\n{PREFLIGHT}")
    python.chmod(0o755)
    result = on_vm(vm, "hnas_tf/tpu/vm/smoke.sh v5e runs/smoke")
    assert result.returncode == 0, result.stderr
    assert "the same command again" in result.stdout
    assert (
        "A step took 5.000 ms, the lower bound is 1.000 ms: ratio 5.0.\n"
        "A step took 5.000 ms, what the compiler expects is 2.500 ms: "
        "ratio 2.0.\n" in result.stdout
    )
    asked = json.loads((vm / "hnas_tf" / "asked").read_text())
    assert {"--tpu_type=v5e", "--num_chips=4"} <= set(asked)


def test_a_training_that_is_there_is_not_measured_again(vm):
    (vm / "hnas_tf" / "runs" / "smoke").mkdir(parents=True)
    result = on_vm(vm, "hnas_tf/tpu/vm/smoke.sh v5e runs/smoke")
    assert result.returncode == 2
    assert "Expected a folder that is not there yet" in result.stderr
