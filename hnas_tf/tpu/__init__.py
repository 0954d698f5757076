"""What Google's compiler says of a training on a TPU that is not there."""
