"""What is typed: flags, read once into frozen configurations."""
