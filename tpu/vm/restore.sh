#!/usr/bin/env bash
# Brings the last backup of a search to a VM that has no such workdir; without a
# backup, there is nothing to bring. tpu/vm/start.sh calls it before a search.
#   tpu/vm/restore.sh WORKDIR gs://BACKUP.tar.gz
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
workdir=$1
backup=$2

# Beside a workdir whose backups go there.
if [[ -d $workdir && -d $workdir.backup ]]; then exit; fi
# Fails, unless it is known whether there is one.
found=$(gcloud storage objects list "$backup" --format='value(name)')
if [[ -n $found && -e $workdir ]]; then
  echo "error: Expected $workdir on this VM, or $backup. Received: both, which" \
    "may be two searches; move one of them, or set another WORKDIR" >&2
  exit 2
fi
mkdir -p "$workdir.backup"
if [[ -n $found ]]; then
  new=$workdir.restored
  rm -rf "$new"
  mkdir "$new"
  gcloud storage cp "$backup" "$new.tar.gz"
  tar -xzf "$new.tar.gz" -C "$new"
  rm "$new.tar.gz"
  mv "$new" "$workdir"
  echo "$workdir is what $backup had."
fi
