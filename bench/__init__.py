"""What `make bench` runs: whole pages and jobs through the real server, beside the raw SQL of the same rows."""
