"""One page that tells what searches did: a file that needs nothing else."""

from hnas_tf.reporting.report.page import page
from hnas_tf.reporting.report.subject import Subject

__all__ = ["Subject", "page"]
