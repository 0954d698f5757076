#!/usr/bin/env bash
# Copies what is committed in this checkout to ~/hnas_tf on every host of the
# TPU VM, and installs it there. The same command brings a later commit.
#   tpu/install.sh [--dry-run]
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
takes_no_more

archive=build/hnas_tf.tar.gz
run mkdir -p build
run git archive --format=tar.gz --prefix=hnas_tf/ --output="$archive" HEAD
run "${TPU_VM[@]}" scp "$archive" "$TPU_NAME:hnas_tf.tar.gz" "${PLACE[@]}" \
  --worker=all
# Else modules that this commit no longer has could still be imported.
on_vm --worker=all rm -rf hnas_tf/hnas_tf
on_vm --worker=all tar -xzf hnas_tf.tar.gz
on_vm --worker=all hnas_tf/tpu/vm/install.sh
