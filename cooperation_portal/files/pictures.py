"""Pictures that people send, drawn anew: only pixels get in, no place names, no scripts, no second file inside."""

from __future__ import annotations

import io
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from cooperation_portal.files import services
from cooperation_portal.files.models import StoredFile

LARGEST_BYTES = 10 * 1024 * 1024
LARGEST_PIXELS = 40_000_000
WIDEST = 1600
_READ = ("PNG", "JPEG", "WEBP")


def store_picture(file: IO[bytes], *, name: str, by: Any) -> StoredFile:
    """At most 1600 pixels wide and high, as PNG where parts are transparent, else as JPEG. Raises ValidationError."""
    drawn, kind = _drawn_anew(file)
    ending = "png" if kind == "PNG" else "jpg"
    stem = name.rpartition(".")[0] or name
    return services.store([drawn], name=f"{stem}.{ending}", content_type=f"image/{kind.lower()}", by=by)


def _drawn_anew(file: IO[bytes]) -> tuple[bytes, str]:
    content = file.read(LARGEST_BYTES + 1)
    if len(content) > LARGEST_BYTES:
        raise ValidationError(
            _("그림 파일은 10 MB까지 올릴 수 있습니다. 크기를 줄여 다시 올려 주십시오."), code="too_large"
        )
    try:
        with Image.open(io.BytesIO(content), formats=_READ) as picture:
            if picture.width * picture.height > LARGEST_PIXELS:
                raise ValidationError(
                    _("그림이 너무 큽니다. 가로세로를 줄여 다시 올려 주십시오."), code="too_many_pixels"
                )
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((WIDEST, WIDEST))
            kind = "PNG" if "A" in upright.mode or "transparency" in upright.info else "JPEG"
            plain = Image.new("RGBA" if kind == "PNG" else "RGB", upright.size)
            plain.paste(upright.convert(plain.mode))
    except ValidationError:
        raise
    except Exception as error:  # whatever a damaged or hostile file does to the decoder
        raise ValidationError(
            _("PNG, JPG, WEBP 그림 파일만 올릴 수 있습니다. 파일이 깨지지 않았는지 확인해 주십시오."),
            code="not_a_picture",
        ) from error
    out = io.BytesIO()
    plain.save(out, kind, quality=88, optimize=True)
    return out.getvalue(), kind
