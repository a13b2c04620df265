# SPDX-License-Identifier: GPL-2.0-or-later
"""Catalogues of translations (po/): reading them, and what is to be said against one. Each check
gives a list of complaints."""

import ast
import os
import re
import shutil
import subprocess
import unicodedata
from collections import Counter

import tap

HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
NAME = re.compile(r"\{([^{}]*)\}")
BRACKETS = re.compile(r"\[([^\[\]]*)\]")
QUOTED = re.compile(r"(?<!\w)'[^']*'(?!\w)")
# What stands in a translation as it stands in the English text: names, calls, options, commands
# in quotes, files, and numbers.
KEPT = re.compile("|".join((
    r"\w+\(\)", r"[A-Za-z0-9]+(?:_[A-Za-z0-9]+)+", r"[A-Z]+[a-z]+[A-Z]\w*",
    r"\b[A-Z][A-Z0-9]+(?:-[A-Z]+)?\b", r"(?<![\w-])--?[a-z][a-z-]*", r"/[a-zA-Z/]+",
    r"\b[a-z0-9]+(?:-[a-z0-9]+)*/[a-z0-9-]+", r"\d+(?:[.,]\d+)*")))


class Entry:
    """A message: id, text, flags, comments of translators and extracted ones."""

    def __init__(self):
        self.id, self.text = None, None
        self.flags, self.notes, self.comments, self.files = set(), [], [], []
        self.obsolete = False

    def without(self):
        """What a translator has said the translation does without: "# without: term, 127"."""
        return {word.strip() for note in self.notes if note.startswith("without:")
                for word in note[len("without:"):].split(",")}

    def complaint(self, text):
        """A line about this entry."""
        return f"{text}: {self.id[:60]!r}: {(self.text or '')[:60]!r}"


def read(text):
    """The entries of a PO file without its header."""
    entries, entry, last = [], Entry(), None
    for line in [*text.splitlines(), ""]:
        if line.startswith("#~"):
            entry.obsolete = True
            line = line[2:].lstrip()
        if not line:
            if entry.id is not None:
                entries.append(entry)
            entry, last = Entry(), None
        elif line.startswith("#."):
            entry.comments.append(line[2:].strip())
        elif line.startswith("#:"):
            entry.files += line[2:].split()
        elif line.startswith("#,"):
            entry.flags |= {flag.strip() for flag in line[2:].split(",")}
        elif line.startswith("#|"):
            pass
        elif line.startswith("#"):
            entry.notes.append(line[1:].strip())
        elif line.startswith("msgid "):
            entry.id, last = ast.literal_eval(line[6:]), "id"
        elif line.startswith("msgstr "):
            entry.text, last = ast.literal_eval(line[7:]), "text"
        elif line.startswith('"') and last:
            setattr(entry, last, getattr(entry, last) + ast.literal_eval(line))
        else:
            raise ValueError(f"not understood: {line}")
    return [e for e in entries if e.id]


def quoted(text):
    """A string of a PO file."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def written(texts):
    """A PO file of texts by id."""
    return 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n' + "".join(
        f"msgid {quoted(id)}\nmsgstr {quoted(text)}\n\n" for id, text in texts.items())


def read_glossary(text):
    """(term, translation) by line, the longest term first."""
    rows = [line.split("\t") for line in text.splitlines() if line and line[0] != "#"]
    return sorted(((row[0], row[1]) for row in rows), key=lambda row: -len(row[0]))


# ---- what is to be said of an id alone

def malformed(entry, text):
    """Names and brackets that are no such things."""
    rest = NAME.sub("", text)
    if "{" in rest or "}" in rest or "{}" in text:
        yield entry.complaint("a brace too many")
    if re.search(r"[\[\]]", BRACKETS.sub("", text)):
        yield entry.complaint("a bracket too many, or in brackets")
    if text != text.strip():
        yield entry.complaint("a space at an end")


# ---- what is to be said of a translation

def incomplete(entries, template):
    """Texts without a translation, and translations of texts that are gone."""
    done = {e.id for e in entries if e.text and "fuzzy" not in e.flags and not e.obsolete}
    wanted = {e.id for e in template}
    return [f"not translated: {id!r}" for id in sorted(wanted - done)] + \
        [f"in no source: {id!r}" for id in sorted(done - wanted)]


def different_names(entry):
    """Values that the translation lacks or adds, in all and in each bracket."""
    if Counter(NAME.findall(entry.id)) != Counter(NAME.findall(entry.text)):
        yield entry.complaint("other {names}")
    inside = [Counter(tuple(sorted(NAME.findall(part))) for part in BRACKETS.findall(text))
              for text in (entry.id, entry.text)]
    if inside[0] != inside[1]:
        yield entry.complaint("other names in [brackets]")
    yield from malformed(entry, entry.text)


def lost_words(entry):
    """What was to stay as it is, and is not there."""
    without = entry.without()
    text = entry.text.replace(",", "")
    for piece in QUOTED.findall(entry.id):
        if piece not in entry.text and piece not in without:
            yield entry.complaint(f"{piece} is not there")
    rest = NAME.sub("", QUOTED.sub("", entry.id))
    for word in KEPT.findall(rest):
        if word.replace(",", "") not in text and word not in without:
            yield entry.complaint(f"{word} is not there")


def term_pattern(term):
    """Where an English text has a term, in any form; not inside a longer name."""
    return re.compile(rf"(?<![\w/.-])(?:{re.escape(term[0].lower())}|{re.escape(term[0].upper())})"
                      rf"{re.escape(term[1:])}(?:e?s|e?d|ing|{re.escape(term[-1])}(?:ed|ing))?"
                      rf"(?![\w/-])")


def other_terms(entry, glossary):
    """Terms whose agreed translation is not used."""
    rest = NAME.sub("", QUOTED.sub("", entry.id))
    for term, translation in glossary:
        rest, count = term_pattern(term).subn("\n", rest)
        if count and translation not in entry.text and term not in entry.without():
            yield entry.complaint(f"{term} is {translation}")


def badly_set(entry):
    """Spaces and punctuation that are not those of Chinese text."""
    text = re.sub(r"[\[\]]", "", entry.text)
    rules = [
        (rf"[{HAN}][!-~]", "no space behind Chinese"),
        (rf"[!-~][{HAN}]", "no space before Chinese"),
        (r"[\u3000-\u303f\uff00-\uffef] | [\u3000-\u303f\uff00-\uffef]",
         "a space beside wide punctuation"),
        (rf"[,.;:!?)] ?[{HAN}]|[{HAN}] ?[,.;:!?(]", "narrow punctuation in Chinese"),
        (rf"[{HAN}] +[{HAN}]|  ", "a space too many"),
    ]
    # A call ends in a bracket of its own.
    plain = re.sub(r"\(\)", "", text)
    for pattern, complaint in rules:
        found = re.search(pattern, plain)
        if found:
            yield entry.complaint(f"{complaint} at {found[0]!r}")
    strange = {c for c in text if not c.isascii() and unicodedata.east_asian_width(c) not in "WF"}
    if strange:
        yield entry.complaint(f"not wide on every terminal: {' '.join(sorted(strange))}")
    if entry.id.rstrip("] ").endswith(".") != text.rstrip("]").endswith("。"):
        yield entry.complaint("a full stop too many or too few")


def too_wide(entry):
    """Texts that have no more room than their English ones: labels, clauses and lines."""
    limits = [("label,", 6), (": short", 56), (": line", 72)]
    for comment, limit in limits:
        if any(c.startswith(comment) or c.endswith(comment) for c in entry.comments) and \
                tap.width_of(entry.text) > max(limit, tap.width_of(entry.id)):
            yield entry.complaint(f"wider than {limit} columns")


def complaints(entries, template, glossary):
    """All checks on a catalogue: (what passes, complaints)."""
    done = [e for e in entries if e.text and not e.obsolete]
    return [
        ("every message is translated, and no other", incomplete(entries, template)),
        ("{names} and [brackets] are those of the English text",
         [c for e in done for c in different_names(e)]),
        ("names, commands and numbers stand as they are", [c for e in done for c in lost_words(e)]),
        ("terms are those of the glossary", [c for e in done for c in other_terms(e, glossary)]),
        ("spaces and punctuation are those of Chinese", [c for e in done for c in badly_set(e)]),
        ("labels and lines have room", [c for e in done for c in too_wide(e)]),
    ]


def locales(folder, charsets=("UTF-8", "GB18030")):
    """Makes Chinese locales in the folder, which is returned; None where they cannot be made."""
    for charset in charsets:
        if not shutil.which("localedef") or \
                subprocess.run(["localedef", "-i", "zh_CN", "-f", charset,
                                os.path.join(folder, f"zh_CN.{charset}")], capture_output=True,
                               check=False).returncode:
            return None
    return folder


def chinese(folder):
    """The environment that asks for Chinese, with what locales() gave. Without a locale of its own
    only some C libraries translate."""
    return {"LC_ALL": "zh_CN.UTF-8", "LOCPATH": folder} if folder \
        else {"LC_ALL": "C.UTF-8", "LANGUAGE": "zh_CN"}
