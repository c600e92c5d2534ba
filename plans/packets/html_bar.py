"""What frames the packet where it is shown: the bar on top, and the foot of page one."""

from dataclasses import dataclass
from html import escape

from plans.packets.dates import long_day, moment
from plans.packets.tree import PacketTree


@dataclass(frozen=True, slots=True)
class OnlineBar:
    """What the served page offers: addresses are relative, so that none holds a token."""

    pdf_address: str = ""
    pdf_words: str = ""  # while the PDF is being made: “PDF to print: being made, 40 %”
    save_address: str = ""
    acknowledge_address: str = ""
    older: tuple[tuple[str, str], ...] = ()  # (words, address)
    is_in_force: bool = True


def top(tree: PacketTree, bar: OnlineBar | None) -> str:
    """Return the bar above the school's name.

    The served page says that its version is in force, and has the one button that answers. A file
    that was saved cannot know that: it says when it was right.
    """
    edition = tree.edition
    says, answer = f"right as of {moment(edition.as_of, tree.campus.zone)}", ""
    if bar is not None:
        says = "in force" if bar.is_in_force else "not in force"
        if bar.acknowledge_address:
            address = escape(bar.acknowledge_address)
            answer = f'<a class="answer" href="{address}">Say that you have it</a>'
    other = f'<p class="other">{escape(edition.coming)}</p>' if edition.coming else ""
    return (
        f'<header class="top"><p><b>Packet v{edition.number},</b> <span>{escape(says)}</span></p>'
        f'{answer}<button type="button" id="night" hidden data-needs-script>Night</button></header>'
        f"{other}"
    )


def foot(tree: PacketTree, bar: OnlineBar | None) -> str:
    """Return the last lines of page one: since when and as of when, and the other forms of it."""
    edition = tree.edition
    lines = []
    holds = "In force since" if bar and bar.is_in_force else "In force from"
    if edition.in_force_from:
        lines.append(f"{holds} {long_day(edition.in_force_from)}.")
    lines.append(f"Right as of {moment(edition.as_of, tree.campus.zone)}.")
    said = f'<p class="soft">Packet v{edition.number}. {escape(" ".join(lines))}</p>'
    return f'<footer class="forms">{_forms(bar) if bar else ""}{said}</footer>'


def _forms(bar: OnlineBar) -> str:
    rows = []
    if bar.pdf_words:
        rows.append(escape(bar.pdf_words))
    elif bar.pdf_address:
        rows.append(_link(bar.pdf_address, "PDF to print"))
    if bar.save_address:
        rows.append(_link(bar.save_address, "Save for use without network"))
    listed = "".join(f"<li>{row}</li>" for row in rows)
    older = "".join(f"<li>{_link(address, words)}</li>" for words, address in bar.older)
    behind = f"<details><summary>Older versions</summary><ul>{older}</ul></details>"
    return f"<ul>{listed}</ul>{behind if older else ''}"


def _link(address: str, words: str) -> str:
    return f'<a href="{escape(address)}">{escape(words)}</a>'
