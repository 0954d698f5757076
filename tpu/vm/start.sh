#!/usr/bin/env bash
# Starts a program of ours on a TPU VM so that it outlives the connection:
# tpu/search.sh calls it. What it prints goes to ~/hnas_tf/PROGRAM.log. With
# BACKUPS, a search is copied to there, and goes on from there on a new VM.
#   [DATA_DISK=NAME] [BACKUPS=gs://FOLDER] tpu/vm/start.sh PROGRAM [its flags]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
program=$1
shift
log=$program.log
label=hnas_tf

mkdir -p runs
if [[ -n ${DATA_DISK:-} ]] && ! mountpoint -q runs; then
  if [[ ! -e /dev/disk/by-label/$label ]]; then
    echo "error: Expected a disk with a file system labelled $label; tpu/README.md" \
      "says how to make it. Received: DATA_DISK=$DATA_DISK without it" >&2
    exit 2
  fi
  sudo mount -o discard "LABEL=$label" runs
  # On a new VM the same person may have another number.
  sudo chown -R "$(id -u):$(id -g)" runs
fi

command=(.venv-tpu/bin/python -m "hnas_tf.$program" "$@")
if [[ -n ${BACKUPS:-} ]]; then
  for argument in "$@"; do
    [[ $argument != --workdir=* ]] || workdir=${argument#*=}
  done
  workdir=${workdir%/}
  backup=$BACKUPS/$workdir.tar.gz
  tpu/vm/restore.sh "$workdir" "$backup"
  command=(tpu/vm/backup.sh "$workdir.backup" "$backup"
    "${command[@]}" "--backup_dir=$workdir.backup")
fi

touch "$log"
seen=$(wc -c <"$log")
# A session of its own: the end of the connection does not reach it. That no
# second one writes to a workdir is seen to by the program itself.
setsid "${command[@]}" </dev/null >>"$log" 2>&1 &
pid=$!
# A wrong flag, or a workdir in use, is said at once.
timeout 20 tail --pid="$pid" --bytes="+$((seen + 1))" --follow "$log" || true
if kill -0 "$pid" 2>/dev/null; then
  echo "It goes on by itself; what it says is in hnas_tf/$log."
else
  wait "$pid"
fi
