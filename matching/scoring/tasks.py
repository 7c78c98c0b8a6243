from typing import Any

from celery import shared_task
from celery.signals import worker_init

from matching.engine.glossary import shipped_glossary
from matching.scoring import services


@shared_task(name="scoring.check_references")
def check_references() -> None:
    services.request_missing_references()


@worker_init.connect
def load_what_all_processes_share(**signal: Any) -> None:
    """Before the worker forks: seconds that no piece of work should spend, and memory that is then needed once."""
    shipped_glossary()
