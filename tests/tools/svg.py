#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Turns a captured screen (tmux capture-pane -e -p) into SVG: svg.py [TITLE] < screen > picture.svg"""

import re
import sys
import unicodedata
from dataclasses import dataclass, replace
from xml.sax.saxutils import escape

CELL, LINE, MARGIN, BAR = 8.4, 18, 12, 28  # pixels
GROUND, INK = "#1d2127", "#d4d8de"
COLOURS = ("#3b4048", "#e0686f", "#8fc77b", "#e3c07a", "#6aa9ee", "#c585dd", "#5bbcc6", "#d4d8de",
           "#6b727d", "#ee8a90", "#abdb98", "#f0d49a", "#8fc0f5", "#d6a3ea", "#82d2da", "#ffffff")
ESCAPE = re.compile(r"\x1b\[([0-9;:]*)m|\x1b\([AB0]|[\x0e\x0f]")


@dataclass(frozen=True)
class Look:
    """How a run of text is painted."""
    ink: str | None = None
    ground: str | None = None
    bold: bool = False
    dim: bool = False
    italic: bool = False
    underline: bool = False
    reverse: bool = False
    strike: bool = False


FLAGS = {1: "bold", 2: "dim", 3: "italic", 4: "underline", 7: "reverse", 9: "strike"}
ENDS = {22: ("bold", "dim"), 23: ("italic",), 24: ("underline",), 27: ("reverse",), 29: ("strike",)}


def colour_256(number):
    """The colour of xterm's palette."""
    if number < 16:
        return COLOURS[number]
    if number >= 232:
        level = 8 + 10 * (number - 232)
        return f"#{level:02x}{level:02x}{level:02x}"
    levels = [0 if v == 0 else 55 + 40 * v
              for v in ((number - 16) // 36, (number - 16) // 6 % 6, (number - 16) % 6)]
    return "#{:02x}{:02x}{:02x}".format(*levels)


def changed(look, codes):
    """The look after a SGR sequence (ECMA-48)."""
    codes = [int(c or 0) for c in re.split("[;:]", codes)]
    while codes:
        code = codes.pop(0)
        if code == 0:
            look = Look()
        elif code in FLAGS:
            look = replace(look, **{FLAGS[code]: True})
        elif code in ENDS:
            look = replace(look, **{flag: False for flag in ENDS[code]})
        elif code in (38, 48):
            which = "ink" if code == 38 else "ground"
            if codes and codes.pop(0) == 5 and codes:
                look = replace(look, **{which: colour_256(codes.pop(0))})
        elif 30 <= code <= 37 or 90 <= code <= 97:
            look = replace(look, ink=COLOURS[code % 10 + (8 if code >= 90 else 0)])
        elif 40 <= code <= 47 or 100 <= code <= 107:
            look = replace(look, ground=COLOURS[code % 10 + (8 if code >= 100 else 0)])
        elif code in (39, 49):
            look = replace(look, **{"ink" if code == 39 else "ground": None})
    return look


def width(text):
    """Columns of a terminal."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
               for c in text)


def runs(line, look):
    """(text, look) of a line, and the look it ends with."""
    found, at = [], 0
    for match in ESCAPE.finditer(line):
        if match.start() > at:
            found.append((line[at:match.start()], look))
        at = match.end()
        if match[1] is not None:
            look = changed(look, match[1])
    if at < len(line):
        found.append((line[at:], look))
    return found, look


def put_run(text, look, column, row):
    """A run as SVG."""
    x, y, length = MARGIN + column * CELL, BAR + MARGIN + row * LINE, width(text) * CELL
    ink, ground = look.ink or INK, look.ground
    if look.reverse:
        ink, ground = ground or GROUND, ink
    parts = []
    if ground:
        parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{length:.1f}" height="{LINE}" fill="{ground}"/>')
    if text.strip() or look.underline:
        style = "".join(f' {name}="{value}"' for name, value, on in (
            ("font-weight", "bold", look.bold), ("font-style", "italic", look.italic),
            ("opacity", "0.6", look.dim), ("text-decoration", "underline", look.underline),
            ("text-decoration", "line-through", look.strike and not look.underline)) if on)
        parts.append(f'<text x="{x:.1f}" y="{y + 13.5:.1f}" fill="{ink}" textLength="{length:.1f}"'
                     f' lengthAdjust="spacingAndGlyphs" xml:space="preserve"{style}>{escape(text)}</text>')
    return parts


def picture(screen, title):
    """The whole SVG of a captured screen."""
    lines, look, body = screen.rstrip("\n").split("\n"), Look(), []
    columns = max(width(ESCAPE.sub("", line)) for line in lines)
    for row, line in enumerate(lines):
        found, look = runs(line, look)
        column = 0
        for text, run_look in found:
            body += put_run(text, run_look, column, row)
            column += width(text)
    wide, high = columns * CELL + 2 * MARGIN, len(lines) * LINE + 2 * MARGIN + BAR
    dots = "".join(f'<circle cx="{16 + 18 * i}" cy="14" r="5.5" fill="{c}"/>'
                   for i, c in enumerate(("#e0686f", "#e3c07a", "#8fc77b")))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide:.0f}" height="{high:.0f}"'
            f' viewBox="0 0 {wide:.0f} {high:.0f}" font-family="DejaVu Sans Mono, Menlo, Consolas, monospace"'
            f' font-size="14">\n<title>{escape(title)}</title>\n'
            f'<rect width="100%" height="100%" rx="8" fill="{GROUND}"/>{dots}\n' + "\n".join(body) + "\n</svg>\n")


if __name__ == "__main__":
    sys.stdout.write(picture(sys.stdin.read(), sys.argv[1] if len(sys.argv) > 1 else "tcpstate"))
