"""Pages of the reference that are written from the code itself, each time the documentation is built."""
