"""What an export's files, signatures and inputs are called."""

# In a version.
DOCUMENT_NAME = "hnas_tf.json"
LABELS_NAME = "labels.txt"
WARMUP_NAME = "assets.extra/tf_serving_warmup_requests"
ANSWERS_NAME = "assets.extra/hnas_tf_answers.npz"
FLOAT_NAME, INT8_NAME = "model.tflite", "model_int8.tflite"

# Beside the versions.
README_NAME = "README.md"
MODELS_NAME = "models.config"
BATCHING_NAME = "batching.config"
REQUEST_NAME = "sample_request.json"

# Signatures.
DEFAULT = "serving_default"
IMAGES = "predict_images"
BYTES = "predict_bytes"
CLASSIFY = "classify"
ALL_SIGNATURES = (DEFAULT, IMAGES, BYTES, CLASSIFY)

# Their inputs, and the feature of a tf.Example.
IMAGES_INPUT = "images"
BYTES_INPUT = "image_bytes"
EXAMPLES_INPUT = "inputs"
ENCODED_FEATURE = "image/encoded"
