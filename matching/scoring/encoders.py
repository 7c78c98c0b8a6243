"""The encoder that this portal is set up with."""

from functools import cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from matching.engine.encoders import Encoder, UniversalSentenceEncoder


@cache
def encoder() -> Encoder:
    """One for each process; its weights are loaded at the first text."""
    if settings.MATCHING_ENCODER == "use":
        return UniversalSentenceEncoder()
    from matching.engine.remote_encoder import OpenAIEncoder

    needed = {name: getattr(settings, f"MATCHING_ENCODER_{name}") for name in ("URL", "MODEL", "DIMENSIONS")}
    missing = [f"MATCHING_ENCODER_{name}" for name, value in needed.items() if not value]
    if missing:
        raise ImproperlyConfigured(f"MATCHING_ENCODER=remote needs {', '.join(missing)}.")
    return OpenAIEncoder(
        url=settings.MATCHING_ENCODER_URL,
        model=settings.MATCHING_ENCODER_MODEL,
        dimensions=settings.MATCHING_ENCODER_DIMENSIONS,
        api_key=settings.MATCHING_ENCODER_KEY,
        version=settings.MATCHING_ENCODER_VERSION,
        batch_size=settings.MATCHING_ENCODER_BATCH,
        timeout=settings.MATCHING_ENCODER_SECONDS,
        retries=settings.MATCHING_ENCODER_RETRIES,
    )
