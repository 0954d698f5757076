#!/usr/bin/env bash
# Brings the workdir of a search, running or not, to runs/from-TPU_NAME/ on this
# machine (runs/a/b to runs/from-TPU_NAME/a/b), in the place of what an earlier
# call brought.
#   tpu/fetch.sh [--dry-run] [--workdir=FOLDER]
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
takes_no_more

# Two workdirs may have one name: runs/cifar10/final, runs/digits/final.
parent=$(dirname "${WORKDIR#runs/}")
here=runs/from-$TPU_NAME
[[ $parent == . ]] || here+=/$parent
on_vm hnas_tf/tpu/vm/pack.sh "$WORKDIR"
run mkdir -p "$here"
run "${TPU_VM[@]}" scp "$TPU_NAME:hnas_tf/packed.tar.gz" "$here/" "${PLACE[@]}"
# Nothing of an earlier copy may stay beside the database.
run rm -rf "${here:?}/$(basename "$WORKDIR")"
run tar -xzf "$here/packed.tar.gz" -C "$here"
run rm "$here/packed.tar.gz"
