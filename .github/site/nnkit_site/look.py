"""The look of the site: the theme's colours, made from those of the course.

`nnkit.draw.style` has every colour once for a white page and once for a dark one. Here they become the variables of the
theme, so that a link in the text has the blue of an input, and the page under a picture is the one that the picture was
made for. Highlighted code keeps colours that were chosen for contrast.
"""

from __future__ import annotations

from nnkit.draw import style

_MIXED = {"surface": 0.035, "border": 0.22, "faint": 0.09}
"""How much ink is in what is a little darker (or lighter) than the page."""


def style_sheet() -> str:
    """The rules that give the theme the course's colours, in both modes."""
    light = dict(style.COLOURS)
    dark = {role: style.dark(value) for role, value in style.COLOURS.items()}
    return style.css() + "".join(
        f'html[data-theme="{mode}"]{{{_variables(colours)}}}\n' for mode, colours in (("light", light), ("dark", dark))
    )


def mixed(colour: str, with_: str, share: float) -> str:
    """A colour with a share of another in it.

    Examples
    --------
    >>> mixed("#FFFFFF", "#000000", 0.5)
    '#808080'
    """
    channels = (
        round((1 - share) * int(colour[at : at + 2], 16) + share * int(with_[at : at + 2], 16) + 1e-9)
        for at in (1, 3, 5)
    )
    return "#" + "".join(f"{channel:02X}" for channel in channels)


def _variables(colours: dict[str, str]) -> str:
    """The theme's variables for one mode."""
    page, ink, blue = colours["page"], colours["ink"], colours["input"]
    roles = {
        "primary": blue,
        "secondary": colours["second"],
        "accent": colours["gradient"],
        "link": blue,
        "link-hover": colours["gradient"],
        "text-base": ink,
        "text-muted": mixed(ink, page, 0.18),
        "background": page,
        "on-background": page,
        "surface": mixed(page, ink, _MIXED["surface"]),
        "on-surface": ink,
        "border": mixed(page, ink, _MIXED["border"]),
        "border-muted": mixed(page, ink, _MIXED["border"]),
        "inline-code": ink,
        "inline-code-links": blue,
        "target": mixed(page, colours["weight-area"], 0.25),
        "table-row-hover-bg": mixed(page, blue, _MIXED["faint"]),
        "success": colours["target"],
        "warning": colours["weight"],
        "danger": colours["gradient"],
        "info": blue,
        "primary-bg": mixed(page, blue, _MIXED["faint"]),
        "secondary-bg": mixed(page, colours["second"], _MIXED["faint"]),
        "accent-bg": mixed(page, colours["gradient"], _MIXED["faint"]),
        "primary-text": page,
        "secondary-text": page,
        "accent-text": page,
    }
    return ";".join(f"--pst-color-{name}:{value}" for name, value in roles.items())
