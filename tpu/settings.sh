# What the scripts beside this file create, use and delete. Fill in what is
# empty; a variable of the environment wins over the line here.
# shellcheck shell=bash

# The id of the Google Cloud project that pays.
: "${GCP_PROJECT=}"
# Your name for the TPU VM.
: "${TPU_NAME=hnas}"
# Where it stands: a zone that has this type, and for which you have quota.
: "${TPU_ZONE=us-central1-a}"
# What it is. For a search a type of one host, which the README lists.
: "${ACCELERATOR_TYPE=v5litepod-8}"
# The image that goes with the type, from the README's list.
: "${RUNTIME_VERSION=v2-alpha-tpuv5-lite}"
# true: cheaper, and may be taken away at any time.
: "${SPOT=false}"
# A bucket, or a folder in one (gs://MY_BUCKET/searches), to which the search is
# copied every few minutes, and from which it goes on on a new VM; empty: none.
: "${BACKUP_BUCKET=}"
# A persistent disk of that zone for the folder runs/, which outlives the VM;
# empty: runs/ lies on the VM's own disk, and goes with it.
: "${DATA_DISK=}"
# The folder of the search, in the checkout on the VM.
: "${WORKDIR=runs/cifar10}"
