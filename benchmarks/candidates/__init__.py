"""How fast a candidate goes from genotype to fitness: the parts of it.

`benchmarks.candidate` is the program. It starts `child` once for every
measurement; what hnas_tf does there is in `ours` and nowhere else, `stock` is
Keras' `fit`, `pytorch` runs without TensorFlow and without hnas_tf.
"""
