"""The flags that name a trained network, for every program that uses one."""

from absl import flags

flags.DEFINE_string(
    "workdir", None, "Folder of a training (hnas_tf.train); may be gs://."
)
flags.DEFINE_integer(
    "repeat", 1, "Which of the trainings there, from 1.", lower_bound=1
)
