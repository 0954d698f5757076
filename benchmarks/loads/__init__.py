"""What many workers ask of the one program that all of them answer to."""
