#!/usr/bin/env bash
# Installs the checkout that this lies in, on a TPU VM: tpu/install.sh calls it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# A fresh VM updates itself for some minutes, and holds apt's lock meanwhile.
apt_get() {
  sudo DEBIAN_FRONTEND=noninteractive \
    apt-get --option DPkg::Lock::Timeout=600 "$@"
}

# The image's own Python if we support it. That of Ubuntu 22.04 is 3.10.
python=python3.11
for candidate in python3.12 python3.11 python3.13; do
  if command -v "$candidate" >/dev/null; then
    python=$candidate
    break
  fi
done
packages=()
# Debian and Ubuntu leave out of Python what an environment needs.
if ! "$python" -m ensurepip --version >/dev/null 2>&1; then
  packages+=("$python" "$python-venv")
fi
command -v make >/dev/null || packages+=(make)
if [[ ${#packages[@]} != 0 ]]; then
  apt_get update
  if ! apt-cache show "$python" >/dev/null 2>&1; then
    apt_get install --yes software-properties-common
    sudo add-apt-repository --yes ppa:deadsnakes/ppa
  fi
  apt_get install --yes "${packages[@]}"
fi
make install TENSORFLOW="${TENSORFLOW:-tpu}" PYTHON="$python"
