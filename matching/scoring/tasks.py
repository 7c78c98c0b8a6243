from celery import shared_task

from matching.scoring import services


@shared_task(name="scoring.check_references")
def check_references() -> None:
    services.request_missing_references()
