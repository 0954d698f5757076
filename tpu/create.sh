#!/usr/bin/env bash
# Creates the TPU VM of tpu/settings.sh, or a slice of several hosts where
# ACCELERATOR_TYPE names one. From then on it costs money, until tpu/delete.sh.
#   tpu/create.sh [--dry-run] [flags of gcloud compute tpus tpu-vm create]
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

command=("${TPU_VM[@]}" create "$TPU_NAME" "${PLACE[@]}"
  --accelerator-type="$ACCELERATOR_TYPE" --version="$RUNTIME_VERSION")
[[ $SPOT == false ]] || command+=(--spot)
if [[ -n $DATA_DISK ]]; then
  disk=projects/$GCP_PROJECT/zones/$TPU_ZONE/disks/$DATA_DISK
  command+=(--data-disk="source=$disk,mode=read-write")
fi
run "${command[@]}" ${ARGUMENTS[@]+"${ARGUMENTS[@]}"}
