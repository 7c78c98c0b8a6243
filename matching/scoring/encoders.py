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

    if not (settings.MATCHING_ENCODER_URL and settings.MATCHING_ENCODER_MODEL and settings.MATCHING_ENCODER_DIMENSIONS):
        raise ImproperlyConfigured(
            "MATCHING_ENCODER=remote needs MATCHING_ENCODER_URL, MATCHING_ENCODER_MODEL and MATCHING_ENCODER_DIMENSIONS."
        )
    return OpenAIEncoder(
        url=settings.MATCHING_ENCODER_URL,
        model=settings.MATCHING_ENCODER_MODEL,
        dimensions=settings.MATCHING_ENCODER_DIMENSIONS,
        key=settings.MATCHING_ENCODER_KEY,
    )
