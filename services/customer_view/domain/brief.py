"""The facts and the next step in words, in Turkish or English: two sentences to speak from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.customer_view.domain import Document
from services.customer_view.domain.facts import Fact, State
from services.customer_view.domain.steps import NextStep, Step
from shared.calendar import day_in_turkey

# ISO 4217: how many digits the minor unit has, where it is not two.
DIGITS = {"JPY": 0, "KRW": 0, "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "OMR": 3, "TND": 3}
LIGHTS_TR = {"green": "yeşil", "amber": "sarı", "red": "kırmızı"}
SIGNS = {"TRY": "₺", "EUR": "€", "USD": "$", "GBP": "£"}


class Language(StrEnum):
    """In which we speak to those who answer."""

    TURKISH = "tr"
    ENGLISH = "en"


@dataclass(frozen=True, kw_only=True)
class Words:
    """How one language says it. Texts take what their names say by `str.format`."""

    group: str  # between thousands
    point: str  # before the minor units
    day: str  # a date, with day, month and year
    unknown: Mapping[str, str]  # by fact
    none: Mapping[str, str]
    steps: Mapping[Step, str]
    known: Mapping[str, Callable[["Words", Document], str]]

    def money(self, sums: Sequence[Document]) -> str:
        """Amounts as they are written; several currencies one after the other."""
        return " + ".join(self._amount(one["amount"], one["currency"]) for one in sums)

    def date(self, instant: str) -> str:
        """The day of an instant in Turkey."""
        day = day_in_turkey(datetime.fromisoformat(instant))
        return self.day.format(day=day.day, month=day.month, year=day.year)

    def _amount(self, minor: int, currency: str) -> str:
        digits = DIGITS.get(currency, 2)
        whole, part = divmod(abs(minor), 10**digits)
        text = f"{whole:,}".replace(",", self.group)
        if digits:
            text = f"{text}{self.point}{part:0{digits}}"
        sign = SIGNS.get(currency, f"{currency} ")
        return f"{'-' if minor < 0 else ''}{sign}{text}"


# In the order in which they are said: what this customer is to us; and what goes on.
WHO = ("buys", "last_bought", "uses")
NOW = ("pending", "talked_about", "complained_of", "pays")
TOLD = {*WHO, *NOW}


def brief(facts: Sequence[Fact], language: Language) -> str:
    """Two sentences: what this customer is to us, and what goes on with them."""
    by_name = {one.name: one for one in facts}
    said = {name: _said(one, WORDS[language]) for name, one in by_name.items() if name in TOLD}
    sentences = ["; ".join(said[name] for name in names if said.get(name)) for names in (WHO, NOW)]
    return " ".join(f"{_capital(text, language)}." for text in sentences if text)


def reason_of(step: NextStep, language: Language) -> str:
    """What is to be done and why, in one sentence."""
    return WORDS[language].steps[step.step].format(**step.because)


def _capital(text: str, language: Language) -> str:
    first = "İ" if text[0] == "i" and language is Language.TURKISH else text[0].upper()
    return first + text[1:]


def _said(fact: Fact, words: Words) -> str:
    if fact.state is State.UNKNOWN or fact.value is None:
        return (words.unknown if fact.state is State.UNKNOWN else words.none)[fact.name]
    return words.known[fact.name](words, fact.value)


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _buys_en(words: Words, value: Document) -> str:
    sums = f", {words.money(value['totals'])} in all" if value["totals"] else ""
    return f"{_count(value['orders'], 'order', 'orders')}{sums}"


def _buys_tr(words: Words, value: Document) -> str:
    sums = f", toplam {words.money(value['totals'])}" if value["totals"] else ""
    return f"{value['orders']} sipariş{sums}"


def _last_bought_en(words: Words, value: Document) -> str:
    product = value["product"] or "something that was not named"
    more = f" and {value['products'] - 1} more" if value["products"] > 1 else ""
    return f"last bought {product}{more} on {words.date(value['ordered_at'])}"


def _last_bought_tr(words: Words, value: Document) -> str:
    product = value["product"] or "adı kayıtlı olmayan bir ürün"
    more = f" ve {value['products'] - 1} ürün daha" if value["products"] > 1 else ""
    return f"son aldığı {product}{more} ({words.date(value['ordered_at'])})"


def _uses_en(words: Words, value: Document) -> str:
    return f"owns {_count(value['units'], 'product', 'products')}"


def _uses_tr(words: Words, value: Document) -> str:
    return f"{value['units']} ürün kullanıyor"


def _pending_en(words: Words, value: Document) -> str:
    late = (
        f", {_count(value['days_late'], 'day', 'days')} behind our promise"
        if value["days_late"]
        else f", promised for {words.date(value['promised_at'])}"
        if value["promised_at"]
        else ""
    )
    return f"{_count(value['orders'], 'order is', 'orders are')} pending{late}"


def _pending_tr(words: Words, value: Document) -> str:
    late = (
        f", söz verilen tarih {value['days_late']} gün geçti"
        if value["days_late"]
        else f", söz verilen tarih {words.date(value['promised_at'])}"
        if value["promised_at"]
        else ""
    )
    return f"{value['orders']} sipariş bekliyor{late}"


def _promised_en(words: Words, value: Document) -> str:
    """What we owe them of what was talked about; nothing where no promise is open."""
    if not value["promises"]:
        return ""
    promises = _count(value["promises"], "promise of ours is", "promises of ours are")
    late = (
        f", {_count(value['days_late'], 'day', 'days')} overdue"
        if value["days_late"]
        else f", due {words.date(value['promise_due'])}"
        if value["promise_due"]
        else ""
    )
    return f"{promises} open{late}"


def _promised_tr(words: Words, value: Document) -> str:
    """What we owe them of what was talked about; nothing where no promise is open."""
    if not value["promises"]:
        return ""
    late = (
        f", {value['days_late']} gün gecikti"
        if value["days_late"]
        else f", son gün {words.date(value['promise_due'])}"
        if value["promise_due"]
        else ""
    )
    return f"verdiğimiz {value['promises']} söz açık{late}"


def _complained_en(words: Words, value: Document) -> str:
    if not value["open"]:
        return f"no complaint is open ({value['complaints']} resolved)"
    return f"{_count(value['open'], 'complaint is', 'complaints are')} open"


def _complained_tr(words: Words, value: Document) -> str:
    if not value["open"]:
        return f"açık şikâyet yok ({value['complaints']} çözüldü)"
    return f"{value['open']} açık şikâyet var"


def _pays_en(words: Words, value: Document) -> str:
    if "light" in value:
        return f"payment: {value['light'] or 'not known'}"
    return f"owes {words.money(value['owed'])}" if value["owed"] else "nothing is owed"


def _pays_tr(words: Words, value: Document) -> str:
    if "light" in value:
        return f"ödeme: {LIGHTS_TR.get(value['light'], 'bilinmiyor')}"
    return f"borcu {words.money(value['owed'])}" if value["owed"] else "borcu yok"


WORDS: Mapping[Language, Words] = {
    Language.TURKISH: Words(
        group=".",
        point=",",
        day="{day:02}.{month:02}.{year}",
        unknown={
            "buys": "siparişleri şu an bilinmiyor",
            "last_bought": "son alışverişi bilinmiyor",
            "uses": "kullandığı ürünler bilinmiyor",
            "pending": "bekleyen siparişi olup olmadığı bilinmiyor",
            "talked_about": "söz verilip verilmediği bilinmiyor",
            "complained_of": "şikâyetleri bilinmiyor",
            "pays": "ödemeleri bilinmiyor",
        },
        none={
            "buys": "henüz siparişi yok",
            "last_bought": "bizden bir şey almadı",
            "uses": "kayıtlı ürünü yok",
            "pending": "bekleyen sipariş yok",
            "talked_about": "",
            "complained_of": "hiç şikâyeti yok",
            "pays": "borcu yok",
        },
        known={
            "buys": _buys_tr,
            "last_bought": _last_bought_tr,
            "uses": _uses_tr,
            "pending": _pending_tr,
            "talked_about": _promised_tr,
            "complained_of": _complained_tr,
            "pays": _pays_tr,
        },
        steps={
            Step.SECURE: "Önce güvenliği sorun: açık bir şikâyet can güvenliğiyle ilgili.",
            Step.ASK_AGAIN: "Biraz sonra yeniden bakın: bazı bilgiler şu an alınamadı.",
            Step.TELL_OF_DELAY: "Sormasını beklemeden gecikmeyi söyleyin ve özür dileyin: "
            "söz verilen tarih {days} gün geçti.",
            Step.KEEP_PROMISE: "Tutmadığımız söz için özür dileyin ve sözü tutun: {what} "
            "({by}, {days} gün gecikti).",
            Step.ANSWER_COMPLAINT: "Şikâyete söz verdiğimiz cevabı verin: süresi geçti.",
            Step.CONFIRM_PERSON: "Tekilleştirmeyi doğrulayın: sistem {ids} kartı aynı kişi "
            "sayıyor, kimse doğrulamadı.",
            Step.FOLLOW_COMPLAINT: "Açık şikâyetin ne durumda olduğunu söyleyin.",
            Step.GIVE_VALUE: "Teklif değil, işine yarayacak bir şey sunun: {days} gündür "
            "görüşmedik.",
            Step.NOTHING: "Bekleyen bir iş yok.",
        },
    ),
    Language.ENGLISH: Words(
        group=",",
        point=".",
        day="{year}-{month:02}-{day:02}",
        unknown={
            "buys": "orders are not known at the moment",
            "last_bought": "the last purchase is not known",
            "uses": "the products in use are not known",
            "pending": "whether an order is pending is not known",
            "talked_about": "whether anything was promised is not known",
            "complained_of": "complaints are not known",
            "pays": "payments are not known",
        },
        none={
            "buys": "no order yet",
            "last_bought": "bought nothing from us",
            "uses": "no product is registered",
            "pending": "no order is pending",
            "talked_about": "",
            "complained_of": "never complained",
            "pays": "nothing is owed",
        },
        known={
            "buys": _buys_en,
            "last_bought": _last_bought_en,
            "uses": _uses_en,
            "pending": _pending_en,
            "talked_about": _promised_en,
            "complained_of": _complained_en,
            "pays": _pays_en,
        },
        steps={
            Step.SECURE: "Ask first whether everybody is safe: an open complaint is about danger.",
            Step.ASK_AGAIN: "Look again in a moment: something could not be asked for.",
            Step.TELL_OF_DELAY: "Tell them of the delay before they ask, and apologise: our "
            "promise was {days} days ago.",
            Step.KEEP_PROMISE: "Apologise for the promise that we did not keep, and keep it: "
            "{what} ({by}, {days} days late).",
            Step.ANSWER_COMPLAINT: "Give the answer that we promised: it is overdue.",
            Step.CONFIRM_PERSON: "Confirm who this is: the system takes {ids} entries for one "
            "person, and nobody has confirmed it.",
            Step.FOLLOW_COMPLAINT: "Say how far the open complaint has come.",
            Step.GIVE_VALUE: "Offer something of use, not for sale: we have not spoken for "
            "{days} days.",
            Step.NOTHING: "Nothing waits to be done.",
        },
    ),
}
