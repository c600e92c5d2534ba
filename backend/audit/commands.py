"""`muster audit verify`."""

import argparse
from dataclasses import asdict
from typing import Any


def register(subparsers: Any) -> None:
    """Add the commands of the audit."""
    audit = subparsers.add_parser("audit", help="the chain of who did or read what")
    verbs = audit.add_subparsers(dest="verb", required=True)
    verify = verbs.add_parser("verify", help="check every chain, name the first broken link")
    verify.set_defaults(handler=verify_chains, needs_database=True)


def verify_chains(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the verdict on each chain; `ok` is false, and the exit 1, when one is broken.

    `district` is None for the chain above districts; `broken` names the first link that does not
    hold and why.
    """
    from backend.audit.verify import verify_all  # noqa: PLC0415 — models load only after set-up

    chains = [
        {
            "district": verdict.district,
            "events": verdict.events,
            "broken": asdict(verdict.broken) if verdict.broken else None,
        }
        for verdict in verify_all()
    ]
    ok = all(chain["broken"] is None for chain in chains)
    return {"ok": ok, "chains": chains, "exit_code": 0 if ok else 1}
