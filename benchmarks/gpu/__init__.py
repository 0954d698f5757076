"""How fast a candidate trains on a GPU, against PyTorch on the same one.

`export` needs TensorFlow and no GPU: it writes what XLA compiles on a lone GPU.
`measure` needs a GPU with JAX and PyTorch, and no TensorFlow: it compiles that,
times it, and times PyTorch. `page` makes the tables. README.md says how.
"""
