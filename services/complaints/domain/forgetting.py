"""What is left of the complaint of somebody who was erased: what we count, and nobody's words."""

from dataclasses import replace

from services.complaints.domain.complaint import Complaint
from services.complaints.domain.particulars import Proposal
from shared.entity import Act, Happening


def forgotten(complaint: Complaint, act: Act) -> Complaint:
    """The complaint without words, and without a clock: nobody waits for us any more.

    Kind, fault, times and amends stay, which reports are made of.
    """
    if complaint.forgotten_at is not None:
        return complaint
    acceptance, proposal = complaint.acceptance, complaint.proposal
    return complaint.after(
        act,
        Happening(what="forgotten"),
        forgotten_at=act.at,
        title="",
        text="",
        serial=None,
        answers=tuple(replace(one, text="") for one in complaint.answers),
        hand_overs=tuple(replace(one, text="") for one in complaint.hand_overs),
        helps=tuple(replace(one, what="") for one in complaint.helps),
        apology=replace(complaint.apology, text="") if complaint.apology else None,
        proposal=_silent(proposal) if proposal else None,
        acceptance=replace(acceptance, word="") if acceptance else None,
        reopenings=tuple(replace(one, word="") for one in complaint.reopenings),
    )


def _silent(proposal: Proposal) -> Proposal:
    amends = replace(proposal.amends, what="") if proposal.amends else None
    return replace(proposal, text="", amends=amends)
