from celery import shared_task

from cooperation_portal.files import services


@shared_task(name="files.remove_lost")
def remove_lost() -> None:
    services.remove_lost()
