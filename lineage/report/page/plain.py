"""Article text made fit to stand in a page: nothing in it can turn other text round or vanish."""

# Overrides and isolates reorder what stands beside them, so they are named instead of obeyed. Joiners stay: Persian
# and Hindi need them.
_TURNING = {code: f"[U+{code:04X}]" for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
_CONTROL = {code: chr(0x2400 + code) for code in range(32) if chr(code) not in "\t\n\r"} | {0x7F: "␡"}
_HALVES = dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}")
_SHOWN = str.maketrans(_TURNING | _CONTROL | _HALVES)


def whole(text: str) -> str:
    """The text with U+FFFD for each half of a surrogate pair, which no encoding holds; spans stay where they are."""
    return text.translate(_HALVES)


def visible(text: str) -> str:
    """The text with control characters and bidirectional overrides written out as marks.

    >>> visible("Mayor\\u202e denies\\x00")
    'Mayor[U+202E] denies␀'
    """
    return text.translate(_SHOWN)


def shortened(text: str, most: int) -> str:
    """The text, ended with "…" at a space where it is longer than `most` characters."""
    if len(text) <= most:
        return text
    return (text[:most].rpartition(" ")[0] or text[:most]) + "…"
