"""Pictures are drawn anew: what was hidden in the file does not get in."""

from __future__ import annotations

import io

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from cooperation_portal.files import pictures, services
from cooperation_portal.files.pictures import store_picture

pytestmark = pytest.mark.django_db


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 20), mode: str = "RGB", **more) -> io.BytesIO:
    out = io.BytesIO()
    Image.new(mode, size, "red").save(out, kind, **more)
    out.seek(0)
    return out


def shown(stored) -> Image.Image:
    with services.opened(stored) as file:
        return Image.open(io.BytesIO(file.read()))


def test_only_pixels_are_kept():
    exif = Image.Exif()
    exif[0x010E] = "ZQSECRET PLACE"
    sent = io.BytesIO(picture("JPEG", exif=exif).getvalue() + b"<script>ZQSECRET</script>")
    stored = store_picture(sent, name="사진.jpeg", by=None)
    with services.opened(stored) as file:
        assert b"ZQSECRET" not in file.read()
    assert (stored.original_name, stored.content_type) == ("사진.jpg", "image/jpeg")


def test_what_is_transparent_stays_so():
    stored = store_picture(picture(mode="RGBA"), name="그림.webp", by=None)
    assert (stored.original_name, shown(stored).mode) == ("그림.png", "RGBA")


def test_a_large_picture_is_made_smaller():
    assert shown(store_picture(picture(size=(3200, 800)), name="a.png", by=None)).size == (1600, 400)


@pytest.mark.parametrize("content", [b"", b"MZ\x90", b"<svg onload='x()'/>", b"GIF89a" + bytes(50)])
def test_what_is_no_picture_is_refused(content):
    with pytest.raises(ValidationError) as refused:
        store_picture(io.BytesIO(content), name="a.png", by=None)
    assert refused.value.code == "not_a_picture"


def test_a_picture_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(pictures, "LARGEST_PIXELS", 799)
    with pytest.raises(ValidationError) as refused:
        store_picture(picture(), name="a.png", by=None)
    assert refused.value.code == "too_many_pixels"
    monkeypatch.setattr(pictures, "LARGEST_BYTES", 10)
    with pytest.raises(ValidationError) as refused:
        store_picture(picture(), name="a.png", by=None)
    assert refused.value.code == "too_large"
