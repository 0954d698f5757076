#!/usr/bin/env bash
# Starts a search on the TPU VM, and leaves it running there; the same command
# goes on with a search that was interrupted. What is not for this script goes
# to the program, by default with the recipe for CIFAR-10.
#   tpu/search.sh [--dry-run] [--workdir=FOLDER] [flags of hnas_tf.search]
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

recipe=(--flagfile=flags/cifar10_search.flags)
for argument in ${ARGUMENTS[@]+"${ARGUMENTS[@]}"}; do
  [[ $argument != --flagfile* ]] || recipe=()
done
# Another VM, another search.
backups=${BACKUP_BUCKET:+${BACKUP_BUCKET%/}/$TPU_NAME}
# Ours come last, so that they win over those of a recipe.
on_vm env DATA_DISK="$DATA_DISK" BACKUPS="$backups" \
  hnas_tf/tpu/vm/start.sh search \
  ${recipe[@]+"${recipe[@]}"} ${ARGUMENTS[@]+"${ARGUMENTS[@]}"} \
  --workdir="$WORKDIR" --tpu=local
