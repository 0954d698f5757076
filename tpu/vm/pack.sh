#!/usr/bin/env bash
# Packs a workdir on a TPU VM, also while the search runs: tpu/fetch.sh calls it.
#   tpu/vm/pack.sh WORKDIR
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
workdir=$1
name=$(basename "$workdir")
copy=packed/$name
if [[ ! -d $workdir ]]; then
  echo "error: Expected a folder on the VM. Received: --workdir=$workdir" >&2
  exit 2
fi

rm -rf packed packed.tar.gz
mkdir -p "$copy"
# The database as a whole: its newest rows may lie in the file beside it.
if [[ -e $workdir/search.sqlite ]]; then
  .venv-tpu/bin/python - "$workdir" "$copy" <<'EOF'
import contextlib
import sqlite3
import sys

source, copy = (
    contextlib.closing(sqlite3.connect(f"{folder}/search.sqlite"))
    for folder in sys.argv[1:]
)
with source as rows, copy as target:
    rows.backup(target)
EOF
fi
# A file that grows or goes meanwhile is no error: it exits with 1.
tar -cf packed.tar --exclude='search.sqlite*' -C "$(dirname "$workdir")" \
  "$name" || [[ $? == 1 ]]
tar -rf packed.tar -C packed "$name"
gzip packed.tar
rm -r packed
