#!/usr/bin/env bash
# Runs a search with --backup_dir=FOLDER, and copies what it leaves there to a
# bucket: whenever that is new, and when the search has ended. tpu/vm/start.sh
# calls it. What tar and gcloud say goes to ~/hnas_tf/backup.log.
#   tpu/vm/backup.sh FOLDER gs://BACKUP.tar.gz COMMAND...
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
folder=$1
backup=$2
shift 2
packed=$(mktemp --suffix=.tar.gz)
trap 'rm "$packed"' EXIT

# Differs from one snapshot to the next, which take each other's place.
snapshot() { stat --format='%i %y' "$folder/search.sqlite" 2>/dev/null || true; }

# One file, so that what is in the bucket is of one moment.
copy() {
  local found
  found=$(snapshot)
  [[ $found != "$copied" ]] || return 0
  if {
    tar -czf "$packed" -C "$folder" config.json search.sqlite &&
      gcloud storage cp "$packed" "$backup"
  } >>backup.log 2>&1; then
    copied=$found
  else
    echo "warning: no backup in $backup; hnas_tf/backup.log says why" >&2
  fi
}

copied=$(snapshot)
# Whoever ends all that runs here ends the search, whose last is copied then.
trap : TERM
"$@" &
pid=$!
while kill -0 "$pid" 2>/dev/null; do
  timeout 10 tail --pid="$pid" --follow /dev/null || true
  copy
done
copy
wait "$pid"
