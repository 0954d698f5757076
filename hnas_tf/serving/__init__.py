"""From a trained network to what TF Serving and LiteRT load."""
