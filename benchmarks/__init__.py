"""What is measured, and how; `make benchmark NAME=...` runs one."""
