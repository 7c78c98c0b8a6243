"""Benchmarks: `make bench`. Each figure stands beside a baseline of the same run, since machines differ and drift."""
