from celery import shared_task

from cooperation_portal.exchange import services


@shared_task(name="exchange.note_failures")
def note_failures() -> None:
    services.note_failures()


@shared_task(name="exchange.sweep")
def sweep() -> None:
    services.sweep()
