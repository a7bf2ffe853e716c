"""The page of a PDF as it looks, with boxes around the words of a passage."""

from __future__ import annotations

from base64 import b64encode

from workbench.pages import PageView
from workbench.ui.show import Safe, tag


def draw(view: PageView, title: str) -> Safe:
    """The picture, as wide as its place, with the boxes over it; the first box has the id `here`."""
    boxes = [
        tag(
            "i",
            "box",
            style=f"left:{box.left:.4%};top:{box.top:.4%};width:{box.width:.4%};height:{box.height:.4%}",
            **({"id": "here"} if number == 0 else {}),
        )
        for number, box in enumerate(view.look.boxes)
    ]
    source = f"data:image/png;base64,{b64encode(view.picture).decode('ascii')}"
    picture = tag("img", "", src=source, alt=f"Page {view.label} of {title}")
    return tag("div", "page-picture", picture, *boxes)
