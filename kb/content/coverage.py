"""What the catalogue covers, as a table for the README."""

from kb.content.registry import Catalogue
from kb.locales import OFFERED_TAGS

START, END = "<!-- coverage -->", "<!-- /coverage -->"
_FORCE = {"binding": "treaty: binds its parties", "soft": "soft law: binds nobody", "eu": "EU law"}


def coverage_table(catalogue: Catalogue) -> str:
    """A Markdown table: each instrument, its force, provisions, how many were checked, languages."""
    lines = [
        "| Instrument | Force | Provisions | Checked against a text | Languages |",
        "|---|---|---|---|---|",
    ]
    total = checked = 0
    for instrument in catalogue.instruments.values():
        provisions = instrument.provisions
        verified = sum(provision.verified for provision in provisions)
        total += len(provisions)
        checked += verified
        languages = " ".join(tag for tag in OFFERED_TAGS if all(tag in p.prose for p in provisions))
        lines.append(
            f"| {instrument.titles['en']} (`{instrument.key}`) | {_FORCE[instrument.force]} | {len(provisions)} "
            f"| {verified} | {languages} |"
        )
    questions = sum(len(qs) for topic in catalogue.topics.values() for qs in topic.questions.values())
    points = sum(len(topic.points) for topic in catalogue.topics.values())
    lines.append(f"| **all** | | **{total}** | **{checked}** | {' '.join(OFFERED_TAGS)} |")
    return "\n".join(
        [
            *lines,
            "",
            f"{len(catalogue.topics)} topics with {points} points and {questions} questions in {len(OFFERED_TAGS)} languages.",
        ]
    )


def with_coverage(readme: str, catalogue: Catalogue) -> str:
    """A README with the table between its marks written anew."""
    before, rest = readme.split(START, 1)
    _, after = rest.split(END, 1)
    return f"{before}{START}\n{coverage_table(catalogue)}\n{END}{after}"
