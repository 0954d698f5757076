#!/usr/bin/env bash
# On a machine with a TPU: trains a small network there, kills the training as
# soon as it has a checkpoint, goes on with it to the end, and prints how long a
# step takes beside what `hnas_tf.preflight` says. make tpu-smoke calls it.
#   tpu/vm/smoke.sh TPU_TYPE WORKDIR
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
tpu_type=$1
workdir=$2
network=(--genotype=liu2018 --dataset=digits --num_channels=64
  --cells_per_group=1 --num_groups=2 --batch_size=512 --crop_size=8
  --padding=1 --noflip)
train=(.venv-tpu/bin/python -m hnas_tf.train --tpu=local "${network[@]}")
killed=("${train[@]}" --num_steps=1000 --checkpoint_steps=100
  "--workdir=$workdir/killed")

if [[ -e $workdir ]]; then
  echo "error: Expected a folder that is not there yet. Received: $workdir" >&2
  exit 2
fi
"${killed[@]}" &
pid=$!
until [[ -n $(find "$workdir" -name 'step-*.index' 2>/dev/null) ]]; do
  kill -0 "$pid" 2>/dev/null || wait "$pid"
  sleep 0.2
done
kill -9 "$pid" 2>/dev/null || true
wait "$pid" 2>/dev/null || true
echo "Killed with its first checkpoint written; the same command again:"
"${killed[@]}"

# To start, to compile and to write one checkpoint drops out of the difference.
timed=("${train[@]}" --checkpoint_steps=5000)
"${timed[@]}" --num_steps=1000 "--workdir=$workdir/short"
"${timed[@]}" --num_steps=5000 "--workdir=$workdir/long"
read -r seconds num_devices < <(.venv-preflight/bin/python -c '
import json, sys
short, long = (
    json.load(open(f"{sys.argv[1]}/{name}/result.json"))
    for name in ("short", "long")
)
passed = sum(long["seconds"]) - sum(short["seconds"])
print(passed / 4000, long["num_devices"])' "$workdir")
# Each chip of the first generations is two devices.
case $tpu_type in v2 | v3) num_chips=$((num_devices / 2)) ;; *) num_chips=$num_devices ;; esac
.venv-preflight/bin/python -m hnas_tf.preflight "${network[@]}" --json \
  "--tpu_type=$tpu_type" "--num_chips=$num_chips" >"$workdir/preflight.json"
.venv-preflight/bin/python -c '
import json, sys
path, measured = sys.argv[1], float(sys.argv[2])
bound = json.load(open(path))["training"]["lower_bound"]
for name, key in (
    ("the lower bound", "seconds"),
    ("what the compiler expects", "expected_seconds"),
):
    print(
        f"A step took {1e3 * measured:.3f} ms, {name} is "
        f"{1e3 * bound[key]:.3f} ms: ratio {measured / bound[key]:.1f}."
    )
' "$workdir/preflight.json" "$seconds"
