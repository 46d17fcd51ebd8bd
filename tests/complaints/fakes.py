"""In-memory stand-in for the complaints port, kept honest by test_adapters."""

from services.complaints.domain import Complaint, ComplaintNotFound
from shared.errors import ChangedMeanwhile, KeyReused


class InMemoryComplaints:
    def __init__(self, *complaints: Complaint) -> None:
        self._by_id = {complaint.complaint_id: complaint for complaint in complaints}
        self._fingerprints = dict.fromkeys(self._by_id, "")

    def add(self, complaint: Complaint, *, fingerprint: str) -> tuple[Complaint, bool]:
        there = self._by_id.setdefault(complaint.complaint_id, complaint)
        known = self._fingerprints.setdefault(complaint.complaint_id, fingerprint)
        if known != fingerprint:
            raise KeyReused("this Idempotency-Key was used before with another request")
        return there, there is not complaint

    def get(self, complaint_id: str) -> Complaint:
        if complaint_id not in self._by_id:
            raise ComplaintNotFound(complaint_id)
        return self._by_id[complaint_id]

    def save(self, complaint: Complaint) -> None:
        there = self.get(complaint.complaint_id)
        if there == complaint:
            return  # the very same write again
        if there.version != complaint.version - 1:
            raise ChangedMeanwhile("it was changed meanwhile")
        self._by_id[complaint.complaint_id] = complaint
