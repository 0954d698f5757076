#!/usr/bin/env bash
# On a machine with a TPU: trains a small network there, kills the training as
# soon as it has a checkpoint, goes on with it to the end, and prints how fast
# it was beside the lower bound of `hnas_tf.preflight`. make tpu-smoke calls it.
#   tpu/vm/smoke.sh TPU_TYPE WORKDIR
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
tpu_type=$1
workdir=$2
network=(--genotype=liu2018 --dataset=digits --num_channels=16
  --cells_per_group=1 --num_groups=2 --batch_size=64 --num_steps=1000
  --crop_size=8 --padding=1 --noflip)
train=(.venv-tpu/bin/python -m hnas_tf.train --tpu=local
  --checkpoint_steps=100 "--workdir=$workdir" "${network[@]}")

if [[ -e $workdir ]]; then
  echo "error: Expected a folder that is not there yet. Received: $workdir" >&2
  exit 2
fi
"${train[@]}" &
pid=$!
until [[ -n $(find "$workdir" -name 'step-*.index' 2>/dev/null) ]]; do
  kill -0 "$pid" 2>/dev/null || wait "$pid"
  sleep 0.2
done
kill -9 "$pid" 2>/dev/null || true
wait "$pid" 2>/dev/null || true
echo "Killed with its first checkpoint written; the same command again:"
"${train[@]}"

read -r seconds num_devices < <(.venv-preflight/bin/python -c '
import json, sys
result = json.load(open(sys.argv[1] + "/result.json"))
print(sum(result["seconds"]), result["num_devices"])' "$workdir")
# Each chip of the first generations is two devices.
case $tpu_type in v2 | v3) num_chips=$((num_devices / 2)) ;; *) num_chips=$num_devices ;; esac
.venv-preflight/bin/python -m hnas_tf.preflight "${network[@]}" --json \
  "--tpu_type=$tpu_type" "--num_chips=$num_chips" >"$workdir/preflight.json"
.venv-preflight/bin/python -c '
import json, sys
path, seconds = sys.argv[1:]
bound = json.load(open(path))["training"]["lower_bound"]["seconds"]
measured = float(seconds) / 1000
print(f"A step: {1e3 * measured:.3f} ms measured, {1e3 * bound:.3f} ms bound,")
print(f"ratio {measured / bound:.1f}; starting and compiling included.")
' "$workdir/preflight.json" "$seconds"
