"""What a person sees: bar, tables, pictures, TensorBoard."""

from hnas_tf.reporting.best import BestFiles
from hnas_tf.reporting.drawing import draw
from hnas_tf.reporting.progress import ProgressBar
from hnas_tf.reporting.tensorboard import TensorBoard

__all__ = ["BestFiles", "ProgressBar", "TensorBoard", "draw"]
