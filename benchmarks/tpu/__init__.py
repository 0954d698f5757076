"""What Google's compiler says of the paper's networks and searches."""
