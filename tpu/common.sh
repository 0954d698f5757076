# What the scripts beside this file share; each sources it with its arguments.
# Runs on the user's machine, also with the bash 3.2 of macOS.
# shellcheck shell=bash
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit
# shellcheck source=settings.sh
source tpu/settings.sh

TPU_VM=(gcloud compute tpus tpu-vm)
DRY_RUN=false
ARGUMENTS=()

fail() {
  printf 'error: %s\n' "$1" >&2
  exit 2
}

# Runs a command, or in a dry run prints it as it could be typed.
run() {
  local line
  printf -v line '%q ' "$@"
  if [[ $DRY_RUN == true ]]; then printf '%s\n' "${line% }"; else "$@"; fi
}

# Runs a command on the VM, on all hosts if --worker=all comes first; its words
# arrive there as they are given here.
on_vm() {
  local line place=("${PLACE[@]}")
  if [[ $1 == --worker=* ]]; then
    place+=("$1")
    shift
  fi
  printf -v line '%q ' "$@"
  run "${TPU_VM[@]}" ssh "$TPU_NAME" "${place[@]}" --command="${line% }"
}

takes_no_more() {
  [[ ${#ARGUMENTS[@]} == 0 ]] || fail \
    "Expected no arguments but --dry-run and --workdir. Received: ${ARGUMENTS[*]}"
}

for argument in "$@"; do
  case $argument in
    --dry-run) DRY_RUN=true ;;
    --workdir=*) WORKDIR=${argument#*=} ;;
    --workdir) fail "Expected --workdir=FOLDER. Received: $argument" ;;
    *) ARGUMENTS+=("$argument") ;;
  esac
done

for name in GCP_PROJECT TPU_NAME TPU_ZONE ACCELERATOR_TYPE RUNTIME_VERSION; do
  [[ -n ${!name:-} ]] || fail \
    "Expected $name in tpu/settings.sh or in the environment. Received: nothing"
done
[[ $SPOT == true || $SPOT == false ]] ||
  fail "Expected SPOT to be true or false. Received: $SPOT"
[[ -z $BACKUP_BUCKET || $BACKUP_BUCKET == gs://?* ]] ||
  fail "Expected BACKUP_BUCKET to begin with gs://. Received: $BACKUP_BUCKET"
PLACE=(--zone="$TPU_ZONE" --project="$GCP_PROJECT")
