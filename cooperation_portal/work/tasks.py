"""What Celery runs: ids in, one service call, safe to run twice and to be killed anywhere."""

from celery import shared_task

from cooperation_portal.work import services
from cooperation_portal.work.models import Queue


@shared_task(name="work.run")
def run(work_id: int) -> None:
    claimed = services.claim(work_id)
    if claimed is not None:
        services.perform(claimed)


@shared_task(name="work.sweep")
def sweep() -> None:
    services.sweep()


@shared_task(name="work.beat")
def beat(queue: str) -> None:
    services.beat(Queue(queue))
