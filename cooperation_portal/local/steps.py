"""What has to be done before the portal answers, in one process, because loading Django takes longer than most steps.

    python -m cooperation_portal.local.steps [--sample]

Every command may be run again. `--sample` loads sample data and prints its accounts.
"""

import os
import sys
from typing import Any

import django
from django.conf import settings
from django.core.management import CommandError, call_command

from cooperation_portal.celery import app


def main(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cooperation_portal.settings")
    django.setup()
    try:
        call_command("migrate", database="owner", interactive=False, verbosity=0)
        ring_schedule()  # before the sample's work queues up
        call_command("load_taxonomy")
        call_command("load_pages")
        if "--sample" in arguments:
            call_command("load_sample")
    except CommandError as error:
        print(f"{error}", file=sys.stderr)
        return 1
    return 0


def ring_schedule() -> None:
    """Every periodic task once and before all that waits in the queue.

    Neither the first sign of life of a worker nor the sweep after a crash then waits for beat's first interval, or for
    work that an earlier start left.
    """
    schedule: dict[str, Any] = settings.CELERY_BEAT_SCHEDULE
    with app.connection_for_write() as connection:
        client = connection.default_channel.client
        for entry in schedule.values():
            queue = entry.get("options", {}).get("queue", settings.CELERY_TASK_DEFAULT_QUEUE)
            app.send_task(entry["task"], args=entry.get("args", ()), queue=queue, expires=120)
            client.lmove(queue, queue, "LEFT", "RIGHT")  # new messages come in at the left and are taken at the right


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
