"""What people type where something had to be typed: no evidence of anybody.

What cannot be told from its look, such as a dealer's own number, is told by how many share it:
whoever keeps the blocks says which (`common` of Matcher.compare).
"""

from services.customer.domain.matching.vocabulary import words

_MAILBOXES = words("filler_mailboxes")
_DOMAINS = words("filler_domains")
_NAME_WORDS = words("filler_name_words")
_BIRTH_DATES = words("filler_birth_dates")
_TAX_IDS = words("filler_tax_ids")
NATIONAL = 10  # last digits of a phone: all of it in Turkey
SUBSCRIBER = 7  # of these, those behind its operator or area
_FEW = 2  # different digits in them
_UP, _DOWN = "01234567890123456789", "98765432109876543210"


def is_filler_phone(value: str) -> bool:
    """Whether a phone in E.164 form was typed to get past a field: 555 555 55 55, 0000000."""
    national = value[-NATIONAL:]
    return len(set(value[-SUBSCRIBER:])) < _FEW or national in _UP or national in _DOWN


def is_filler_email(value: str) -> bool:
    """Whether an e-mail is nobody's (yok@yok.com) or a post's, whoever holds it (info@…)."""
    mailbox, _, domain = value.lower().partition("@")
    plain = mailbox.replace(".", "").replace("-", "").replace("_", "")
    return len(set(plain)) < _FEW or plain in _MAILBOXES or domain in _DOMAINS


def is_filler_name_word(word: str) -> bool:
    """Whether a folded word stands in a name's place without being one."""
    return word in _NAME_WORDS or not any(letter.isalpha() for letter in word)


def is_filler_birth_date(value: str) -> bool:
    """Whether a date, as YYYY-MM-DD, is what software fills in."""
    return value in _BIRTH_DATES


def is_filler_tax_id(digits: str) -> bool:
    """Whether a TCKN or VKN is one that many write: all one digit, or one known from textbooks."""
    return len(set(digits)) < _FEW or len(set(digits[:-1])) < _FEW or digits in _TAX_IDS
