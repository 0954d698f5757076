#!/usr/bin/env bash
# Deletes the TPU VM and all that lies on its own disk; gcloud asks first. What
# tpu/fetch.sh did not bring, and no DATA_DISK or gs:// holds, is lost.
#   tpu/delete.sh [--dry-run] [--quiet]
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

run "${TPU_VM[@]}" delete "$TPU_NAME" "${PLACE[@]}" \
  ${ARGUMENTS[@]+"${ARGUMENTS[@]}"}
