"""A picture small enough to stand here; not one that anybody could see."""

import hashlib

PICTURE = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40 + b"\xff\xd9"
PICTURE_SHA = hashlib.sha256(PICTURE).hexdigest()
