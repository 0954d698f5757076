"""What a network is, interpreted in NumPy: slow, obvious, in float64.

It reads the genotype as the paper does, knows nothing of plans, and finds
what is dead by walking every path. Of the network that is tested it takes the
variables alone, by the readable names of their layers.
"""

import numpy as np

EPSILON = 1e-3


def live_edges(genotype, level, number):
    """Returns the edges `(source, target)` on paths from source to sink."""
    motif = genotype.motifs[level - 2][number - 1]
    found = set()

    def walk(node, path):
        if node == motif.num_nodes:
            found.update(path)
        for target in range(node + 1, motif.num_nodes + 1):
            operation = motif.rows[target - 2][node - 1]
            if carries(genotype, level - 1, operation):
                walk(target, [*path, (node, target)])

    walk(1, [])
    return found


def carries(genotype, level, operation):
    """Returns whether an operation of `level` gives anything."""
    if level == 1 or operation is None:
        return operation is not None
    return bool(live_edges(genotype, level, operation))


class Interpreter:
    """The network of a genotype, called with images.

    Attributes:
        read: The names of the variables that were needed.
    """

    def __init__(self, genotype, config, variables, *, training):
        self.genotype = genotype
        self.config = config
        self.read = set()
        self._variables = variables
        self._training = training

    def __call__(self, images):
        config = self.config
        width = config.num_channels
        value = _STEMS[config.kind](self, images, width)
        for group in range(1, config.num_groups + 1):
            num_cells = config.cells_per_group
            if config.kind == "imagenet" and group == 1:
                num_cells = 1
            for cell in range(1, num_cells + 1):
                name = f"group{group}.cell{cell}"
                value = self.motif(
                    len(self.genotype.motifs) + 1, 1, value, width, name
                )
                stride = 1
                if cell == num_cells and group < config.num_groups:
                    stride, width = 2, 2 * width
                name = f"{name}.separable_conv_3x3"
                value = self.separable(value, width, name, stride=stride)
        return self.dense(value.mean(axis=(1, 2)), "head.dense")

    def cifar_stem(self, images, width):
        return self.convolution(images, width, "stem.conv_3x3")

    def imagenet_stem(self, images, width):
        value = self.convolution(
            images, width // 2, "stem.conv_3x3_1", stride=2
        )
        return self.convolution(value, width, "stem.conv_3x3_2", stride=2)

    def motif(self, level, number, source, width, name):
        """Returns the sink: every node concatenates its incoming edges."""
        rows = self.genotype.motifs[level - 2][number - 1].rows
        live = live_edges(self.genotype, level, number)
        values = {1: source}
        for target in range(2, len(rows) + 2):
            parts = [
                self.operation(
                    level - 1,
                    rows[target - 2][node - 1],
                    values[node],
                    width,
                    f"{name}.edge_{node}_{target}",
                )
                for node in range(1, target)
                if (node, target) in live
            ]
            if parts:
                values[target] = np.concatenate(parts, axis=-1)
        return values[len(rows) + 1]

    def operation(self, level, operation, value, width, name):
        """Returns what an edge gives."""
        if level == 1:
            return _PRIMITIVES[operation](
                self, value, width, f"{name}.{operation}"
            )
        name = f"{name}.motif{operation}"
        result = self.motif(level, operation, value, width, name)
        if level > 2:
            return result
        if self.config.motif_width == "input":
            width = value.shape[-1]
        return self.pointwise(result, width, f"{name}.conv_1x1")

    def convolution(self, value, width, name, *, stride=1):
        kernel = self.variable(f"{name}.conv/kernel")
        assert kernel.shape == (3, 3, value.shape[-1], width), name
        around = windows(value, stride=stride)
        value = np.einsum("yxbhwi,yxio->bhwo", around, kernel)
        return self.batch_norm_relu(value, name)

    def pointwise(self, value, width, name):
        value = self.each_pixel(value, width, f"{name}.conv")
        return self.batch_norm_relu(value, name)

    def depthwise(self, value, width, name):
        del width
        return self.batch_norm_relu(self.each_channel(value, name), name)

    def separable(self, value, width, name, *, stride=1):
        value = self.each_channel(value, name, stride=stride)
        value = self.each_pixel(value, width, f"{name}.pointwise")
        return self.batch_norm_relu(value, name)

    def each_pixel(self, value, width, name):
        kernel = self.variable(f"{name}/kernel")
        shape = (value.shape[-1], width)
        assert kernel.shape in (shape, (1, 1, *shape)), name
        return value @ kernel.reshape(shape)

    def each_channel(self, value, name, *, stride=1):
        kernel = self.variable(f"{name}.depthwise/kernel")
        assert kernel.shape == (3, 3, value.shape[-1], 1), name
        around = windows(value, stride=stride)
        return np.einsum("yxbhwc,yxc->bhwc", around, kernel[..., 0])

    def max_pool(self, value, width, name):
        del width, name
        return windows(value, outside=-np.inf).max(axis=(0, 1))

    def avg_pool(self, value, width, name):
        del width, name
        return np.nanmean(windows(value, outside=np.nan), axis=(0, 1))

    def identity(self, value, width, name):
        del width, name
        return value

    def batch_norm_relu(self, value, name):
        name = f"{name}.batch_norm_relu"
        if self._training:
            mean, variance = value.mean((0, 1, 2)), value.var((0, 1, 2))
        else:
            mean = self.variable(f"{name}/moving_mean")
            variance = self.variable(f"{name}/moving_variance")
        value = (value - mean) / np.sqrt(variance + EPSILON)
        gamma = self.variable(f"{name}/gamma")
        return np.maximum(value * gamma + self.variable(f"{name}/beta"), 0)

    def dense(self, value, name):
        kernel = self.variable(f"{name}/kernel")
        return value @ kernel + self.variable(f"{name}/bias")

    def variable(self, name):
        self.read.add(name)
        return self._variables[name]


_STEMS = {
    "cifar": Interpreter.cifar_stem,
    "imagenet": Interpreter.imagenet_stem,
}

_PRIMITIVES = {
    "conv_1x1": Interpreter.pointwise,
    "depthwise_conv_3x3": Interpreter.depthwise,
    "separable_conv_3x3": Interpreter.separable,
    "max_pool_3x3": Interpreter.max_pool,
    "avg_pool_3x3": Interpreter.avg_pool,
    "identity": Interpreter.identity,
}


def windows(value, *, stride=1, outside=0.0):
    """Returns the nine neighbours of every pixel, [3, 3, *value.shape].

    Padding is as TensorFlow's `SAME`: where it is odd, more comes after.
    """
    padding, sizes = [(0, 0)], []
    for size in value.shape[1:3]:
        sizes.append(-(-size // stride))
        room = max((sizes[-1] - 1) * stride + 3 - size, 0)
        padding.append((room // 2, room - room // 2))
    padded = np.pad(value, [*padding, (0, 0)], constant_values=outside)
    height, width = ((size - 1) * stride + 1 for size in sizes)
    return np.stack(
        [
            np.stack(
                [
                    padded[:, y : y + height : stride, x : x + width : stride]
                    for x in range(3)
                ]
            )
            for y in range(3)
        ]
    )
