"""What is measured on a GPU."""

GENOTYPES = ("hierarchical_1", "liu2018", "hierarchical_2", "flat_1")
PRECISIONS = ("bfloat16", "float32")
EVALUATED = 20
"""Batches of an evaluation, which ends with the logits on the host."""

OURS = "ours"
PYTORCH, COMPILED = "pytorch", "pytorch_compiled"
GRAPHS = "pytorch_reduce_overhead"
"""Compiled as well, its kernels started as CUDA graphs."""

CONTENDERS = (OURS, PYTORCH, COMPILED, GRAPHS)

NOTES = {
    OURS: "the step of hnas_tf, compiled by XLA",
    PYTORCH: "the same network in PyTorch, channels last, eager",
    COMPILED: "the same through `torch.compile`",
    GRAPHS: "the same through `torch.compile(mode='reduce-overhead')`",
    "ours_as_convolutions": "what hnas_tf did before: 1x1 convolutions as such",
    "ours_with_pool_gradients": "tried: the gradient of a max pool without "
    "atomic sums",
    "ours_with_pool_gradients_and_concatenations": "tried: that, and parts "
    "joined wherever a convolution reads them",
}
"""What the results tell of, some of it only once."""
