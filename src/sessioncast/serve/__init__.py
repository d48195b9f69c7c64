"""A small web server that hears from recorder clouds that something is there, keeps what it heard, and does nothing else."""
