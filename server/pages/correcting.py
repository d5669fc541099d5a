"""Where a reader sends the correction of a judgement: a mail, an issue or a file with its row."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class CorrectionLink:
    """A link with the row filled in; ``file`` is the name to save it under, empty where nothing is saved."""

    href: str
    label: str
    file: str = ""


def correction_link(to: str, title: str, table: str, header: str, row: str, page: str) -> CorrectionLink | None:
    """The link for a row, by the setting ``PALERMO_CORRECTIONS``; None where the operator gave none.

    The text names the table, has its header and the row as it stands, and says where the judgement is shown.
    """
    rows = f"{header}\n{row}\n"
    body = f"{table}\n\n{rows}\nThe row as it should be, or why it should go:\n\n\n{page}\n"
    if not to:
        return None
    if to == "download":
        name = table.rpartition("/")[2]
        return CorrectionLink(f"data:text/csv;charset=utf-8,{quote(rows)}", "Save the row as a file", name)
    subject = f"Correction: {title}"
    if "{body}" in to:
        address = to.replace("{title}", quote(subject, safe="")).replace("{body}", quote(body, safe=""))
        return CorrectionLink(address, "Propose it as an issue")
    mail = quote(body.replace("\n", "\r\n"))
    address = f"mailto:{quote(to, safe='@')}?subject={quote(subject)}&body={mail}"
    return CorrectionLink(address, "Write a mail with this row")
