"""The flags of `hnas_tf.serve_check`."""

from absl import flags

flags.DEFINE_string(
    "export_dir",
    None,
    "Folder of an export (hnas_tf.export), whose newest version is checked, "
    "or of one version.",
)
flags.DEFINE_string(
    "address",
    None,
    "host:port of the REST interface of a TF Serving that serves it.",
)
flags.DEFINE_float(
    "tolerance",
    None,
    "By how much a probability may differ from that of the trained network; "
    "by default as at the export.",
    lower_bound=0.0,
)
