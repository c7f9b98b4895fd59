"""Any number of valid packages with photos of their own, for imports that are counted or killed."""

from __future__ import annotations

import hashlib
import json
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

from PIL import Image

from workstation.demo import packages
from workstation.demo.people import person

VIEWS = ("front", "left45", "right45", "chin_up", "hairline")
TODAY = date(2026, 11, 23)
SENDER = "urn:derm-workstation:demo:clinic"  # the system of their identifiers: ``many-0`` ...


def _marked(jpeg: bytes, number: int) -> bytes:
    """The same picture as another file: a comment segment tells them apart."""
    words = f"package {number}".encode()
    return jpeg[:2] + b"\xff\xfe" + (len(words) + 2).to_bytes(2, "big") + words + jpeg[2:]


def write_many(folder: Path, count: int, side: int = 640, photos: int = 5) -> None:
    """Write ``count`` packages of ``photos`` photos, about ``side`` pixels on the longer side."""
    folder.mkdir(parents=True, exist_ok=True)
    who = person("marsh-elena")
    kind, raw = packages.package(who, who.visit(1), TODAY)
    assert kind == "zip"
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        plain = archive.read("bundle.json").decode()
        source = next(archive.read(n) for n in archive.namelist() if n.endswith("front.jpg"))
    image = Image.open(BytesIO(source))
    image.thumbnail((side, side))
    pictures = []
    for number in range(photos):
        out = BytesIO()
        image.rotate(number).save(out, "JPEG", quality=88)
        pictures.append(out.getvalue())
    model = json.loads(plain)
    model["entry"] = [e for e in model["entry"] if e["resource"]["resourceType"] != "Media"]
    subject = model["entry"][0]["fullUrl"]
    for at in range(count):
        made = json.loads(json.dumps(model))
        made["identifier"]["value"] = f"many-{at}"
        patient = made["entry"][0]["resource"]
        patient["identifier"][0]["value"] = f"MANY{at:05d}"
        patient["name"][0]["family"] = f"Number{at}"
        members = []
        for view, picture in zip(VIEWS, pictures, strict=False):
            content = _marked(picture, at)
            name = f"photos/{view.replace('_', '-')}.jpg"
            members.append((name, content))
            digest = hashlib.sha256(content).hexdigest()
            made["entry"].append(
                {
                    "fullUrl": f"urn:uuid:{at}-{view}",
                    "resource": {
                        "resourceType": "Media",
                        "status": "completed",
                        "view": {
                            "coding": [{"system": "urn:derm-workstation:intake:view", "code": view}]
                        },
                        "subject": {"reference": subject},
                        "content": {
                            "contentType": "image/jpeg",
                            "url": name,
                            "extension": [
                                {"url": "urn:derm-workstation:intake:sha256", "valueString": digest}
                            ],
                        },
                    },
                }
            )
        with zipfile.ZipFile(folder / f"{at:05d}.zip", "w") as archive:
            archive.writestr("bundle.json", json.dumps(made))
            for name, content in members:
                archive.writestr(name, content)
