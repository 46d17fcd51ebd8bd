"""What the complaints service needs from outside."""

from typing import Protocol

from services.complaints.domain import Complaint


class Complaints(Protocol):
    """All complaints ever heard, as a collection. None is ever taken out."""

    def add(self, complaint: Complaint, *, fingerprint: str) -> tuple[Complaint, bool]:
        """Add it once; return it as it now stands, and whether it was there already.

        `fingerprint` tells the repetition of a request from another one: raise
        KeyReused where the complaint came from another request.
        """
        ...

    def get(self, complaint_id: str) -> Complaint:
        """Raise ComplaintNotFound if there is none."""
        ...

    def save(self, complaint: Complaint) -> None:
        """Raise ChangedMeanwhile if someone else saved a newer version meanwhile."""
        ...
