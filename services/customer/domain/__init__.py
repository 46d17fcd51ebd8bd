"""Who a customer is, how they are reached, and which customers are one person. Plain Python."""

from services.customer.domain.address import Address
from services.customer.domain.attempts import AGENT, LINE, MACHINE, Limit, TooManyAttempts
from services.customer.domain.contact import (
    ContactKind,
    ContactPoint,
    ContactState,
    Mark,
    contact_points,
)
from services.customer.domain.conversation import Conversation, Direction, Purpose
from services.customer.domain.customer import (
    Customer,
    CustomerNotFound,
    Edge,
    Unrecognisable,
    id_for,
)
from services.customer.domain.evidence import (
    POINTS,
    Evidence,
    Facts,
    Known,
    Lead,
    Outcome,
    Recognised,
    Recognition,
    Strength,
    names_and_districts,
    recognise,
)
from services.customer.domain.links import (
    AlreadyOnePerson,
    Link,
    LinkEnded,
    LinkNotFound,
    TooManyMembers,
    join,
    part,
)
from services.customer.domain.listings import Listed, Listing, listings_of, words_of
from services.customer.domain.names import folded_name
from services.customer.domain.question import Question
from services.customer.domain.recognition import CalledByNobody, CalledBySeveral, could_be
from services.customer.domain.search import Fit, Found, Look, Reason, Search, best
from services.customer.domain.spelling import neighbourhood
from services.customer.domain.tax_id import NoSuchTaxId, Scheme, TaxId, TaxNumber, tax_numbers

__all__ = [
    "AGENT",
    "LINE",
    "MACHINE",
    "POINTS",
    "Address",
    "AlreadyOnePerson",
    "CalledByNobody",
    "CalledBySeveral",
    "ContactKind",
    "ContactPoint",
    "ContactState",
    "Conversation",
    "Customer",
    "CustomerNotFound",
    "Direction",
    "Edge",
    "Evidence",
    "Facts",
    "Fit",
    "Found",
    "Known",
    "Lead",
    "Limit",
    "Link",
    "LinkEnded",
    "LinkNotFound",
    "Listed",
    "Listing",
    "Look",
    "Mark",
    "NoSuchTaxId",
    "Outcome",
    "Purpose",
    "Question",
    "Reason",
    "Recognised",
    "Recognition",
    "Scheme",
    "Search",
    "Strength",
    "TaxId",
    "TaxNumber",
    "TooManyAttempts",
    "TooManyMembers",
    "Unrecognisable",
    "best",
    "contact_points",
    "could_be",
    "folded_name",
    "id_for",
    "join",
    "listings_of",
    "names_and_districts",
    "neighbourhood",
    "part",
    "recognise",
    "tax_numbers",
    "words_of",
]
