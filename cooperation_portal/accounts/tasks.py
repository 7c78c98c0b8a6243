from celery import shared_task

from cooperation_portal.accounts import kept_forms


@shared_task(name="accounts.sweep_kept_forms")
def sweep_kept_forms() -> None:
    kept_forms.sweep()
