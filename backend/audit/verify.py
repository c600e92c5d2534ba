"""Check every chain against its recorded end."""

from collections.abc import Iterator
from dataclasses import dataclass

from backend.audit.chain import Break, first_break
from backend.audit.models import AccountEvent, AccountHead, AuditEvent, AuditHead
from backend.audit.record import chain_key
from backend.tenancy import reach


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the check of one chain gave. `district` is None for the chain above districts."""

    district: str | None
    events: int
    broken: Break | None


def verify_all() -> Iterator[Verdict]:
    """Yield a verdict for each chain, the one above districts first."""
    head = AccountHead.objects.filter(id=1).first()
    above = AccountEvent.objects.order_by("sequence").values_list(
        "sequence", "previous_hash", "hash", "body"
    )
    end = (head.sequence, head.hash) if head else (0, "")
    yield Verdict(None, end[0], first_break(chain_key(), above.iterator(), end))
    with reach.crossing("audit-verify"):
        for chain in AuditHead.across_districts.order_by("district_id"):
            events = (
                AuditEvent.across_districts.filter(district_id=chain.district_id)
                .order_by("sequence")
                .values_list("sequence", "previous_hash", "hash", "body")
            )
            broken = first_break(chain_key(), events.iterator(), (chain.sequence, chain.hash))
            yield Verdict(str(chain.district_id), chain.sequence, broken)
