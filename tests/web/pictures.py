"""Files as people bring them: photos with what telephones write into them, papers, and what only looks like one."""

import io
import zipfile

from PIL import Image


def a_photo(width: int = 64, height: int = 48, *, place: bool = True, kind: str = "JPEG") -> bytes:
    """A photo, with the time, the telephone and the place in it as a telephone writes them."""
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    exif = Image.Exif()
    exif[0x010F] = "CANARY-PHONE"
    details = exif.get_ifd(0x8769)
    details[36867] = "2026:11:20 14:05:09"
    if place:
        where = exif.get_ifd(0x8825)
        where[1], where[2] = "N", (28.0, 13.0, 44.0)
        where[3], where[4] = "E", (112.0, 56.0, 19.0)
    held = io.BytesIO()
    image.save(held, kind, exif=exif)
    return held.getvalue()


def a_package(*names: str) -> bytes:
    """A ZIP file with entries of those names."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as package:
        for name in names:
            package.writestr(name, "x")
    return held.getvalue()
