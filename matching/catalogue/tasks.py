from celery import shared_task

from matching.catalogue import search


@shared_task(name="catalogue.index_missing")
def index_missing() -> None:
    search.index_missing()
