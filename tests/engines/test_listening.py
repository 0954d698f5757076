"""Nothing of ours listens for others; Ray's processes are in `test_ray`."""

import ipaddress

from tests import processes
from tests.engines.sockets import listened


def beyond_loopback(mark):
    addresses = listened(processes.pids(mark))
    return [each for each in addresses if not each.is_loopback]


def test_a_socket_that_others_reach_would_be_seen(mark):
    program = (
        "import socket, time; s = socket.create_server(('0.0.0.0', 0));"
        "print(flush=True); time.sleep(600)"
    )
    process = processes.start_python(mark, "-c", program)
    process.stdout.readline()
    assert beyond_loopback(mark) == [ipaddress.ip_address("0.0.0.0")]
    processes.kill(process)


def test_a_search_and_its_children_do_not_listen(tmp_path, mark):
    process = processes.start(
        mark,
        "search",
        f"--workdir={tmp_path}",
        "--evaluator=tests.toy:SlowEvaluator",
        "--num_workers=2",
        "--crop_size=8",
        TOY_SECONDS="60",
    )
    processes.wait_for(lambda: len(processes.pids(mark)) == 3)
    processes.wait_for((tmp_path / "tensorboard" / "search").exists)
    assert listened(processes.pids(mark)) == []
    processes.kill(process)


def test_a_training_does_not_listen(tmp_path, mark):
    process = processes.start(
        mark,
        "train",
        f"--workdir={tmp_path}",
        "--genotype=liu2018",
        "--dataset=digits",
        "--num_channels=2",
        "--cells_per_group=1",
        "--num_groups=1",
        "--crop_size=8",
        "--batch_size=64",
        "--checkpoint_steps=1",
        "--num_steps=100000",
    )
    processes.wait_for((tmp_path / "repeat_1" / "checkpoint").exists)
    assert beyond_loopback(mark) == []
    processes.kill(process)
