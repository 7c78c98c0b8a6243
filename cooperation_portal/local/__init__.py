"""Runs the whole portal on one machine: embedded PostgreSQL and Valkey, web, workers and beat under one supervisor.

For development, tests and a look at the portal. Production uses docker-compose.yml or servers of its own.
"""
