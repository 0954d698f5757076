#!/usr/bin/env bash
# Packs a workdir on a TPU VM, also while the search runs: tpu/fetch.sh calls it.
#   tpu/vm/pack.sh WORKDIR
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
workdir=$1
name=$(basename "$workdir")
if [[ ! -d $workdir ]]; then
  echo "error: Expected a folder on the VM. Received: --workdir=$workdir" >&2
  exit 2
fi

rm -rf packed packed.tar.gz
mkdir -p "packed/$name"
# The database as a whole: its newest rows may lie in the file beside it.
if [[ -e $workdir/search.sqlite ]]; then
  .venv-tpu/bin/python - "$workdir" "packed/$name" <<'EOF'
import pathlib
import sys

from hnas_tf.archive import copy_search
from hnas_tf.errors import HnasError

try:
    copy_search(*map(pathlib.Path, sys.argv[1:]))
except HnasError as error:
    sys.exit(f"error: {error}")
EOF
fi
# A file that grows or goes meanwhile is no error: it exits with 1.
tar -cf packed.tar --exclude='search.sqlite*' -C "$(dirname "$workdir")" \
  "$name" || [[ $? == 1 ]]
tar -rf packed.tar -C packed "$name"
gzip packed.tar
rm -r packed
