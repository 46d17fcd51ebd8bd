"""The templates that there are. A new one needs its row here, and nothing else.

Verification codes are not among them: the customer service sends those itself, at once, and to an
address that is not known to be anybody's yet.
"""

from collections.abc import Mapping

from services.engagement.domain.templates import Template, Wording
from shared.errors import Invalid

_TR_SIGNED = "\n\nBir insanla görüşmek için: {reach}"
_EN_SIGNED = "\n\nTo speak with a person: {reach}"
_TR_REFUSE = "\nBu iletileri almak istemiyorsanız: {refuse}"
_EN_REFUSE = "\nIf you would rather not have such messages: {refuse}"
_WORD, _LINE, _LINK = 40, 120, 200  # characters at most


def _tr(short: str, subject: str, long: str, *, refusable: bool = False) -> Wording:
    tail = _TR_REFUSE if refusable else ""
    return Wording(
        short=f"{short} Yetkili: {{reach}}" + (" Ret: {refuse}" if refusable else ""),
        subject=subject,
        long=f"Merhaba,\n\n{long}{_TR_SIGNED}{tail}",
    )


def _en(short: str, subject: str, long: str, *, refusable: bool = False) -> Wording:
    tail = _EN_REFUSE if refusable else ""
    return Wording(
        short=f"{short} A person: {{reach}}" + (" Stop: {refuse}" if refusable else ""),
        subject=subject,
        long=f"Hello,\n\n{long}{_EN_SIGNED}{tail}",
    )


_ALL = (
    Template(
        name="order_taken",
        purpose="order",
        placeholders={"order": _WORD, "total": _WORD},
        wordings={
            "tr": _tr(
                "{order} numaralı siparişinizi aldık, tutarı {total}.",
                "Siparişinizi aldık: {order}",
                "{order} numaralı siparişinizi aldık. Tutarı {total}. Yola çıktığında haber "
                "vereceğiz.",
            ),
            "en": _en(
                "We have your order {order}, {total}.",
                "We have your order {order}",
                "We have your order {order} for {total}. We will write again when it is on its "
                "way.",
            ),
        },
    ),
    Template(
        name="delivery_planned",
        purpose="delivery",
        placeholders={"order": _WORD, "when": _WORD},
        wordings={
            "tr": _tr(
                "{order} numaralı siparişinizin teslimatı: {when}.",
                "Teslimatınız: {when}",
                "{order} numaralı siparişiniz yolda. Beklenen teslimat: {when}.",
            ),
            "en": _en(
                "Your order {order} arrives {when}.",
                "Your delivery: {when}",
                "Your order {order} is on its way. We expect it to arrive {when}.",
            ),
        },
    ),
    Template(
        name="payment_due",
        purpose="payment",
        placeholders={"order": _WORD, "amount": _WORD, "until": _WORD},
        wordings={
            "tr": _tr(
                "{order} için {amount} ödemenizin son günü {until}.",
                "Ödemeniz: {order}",
                "{order} numaralı siparişiniz için {amount} tutarındaki ödemenizin son günü "
                "{until}. Ödediyseniz bu iletiyi dikkate almayın.",
            ),
            "en": _en(
                "{amount} for {order} is due by {until}.",
                "Your payment for {order}",
                "The payment of {amount} for your order {order} is due by {until}. If you have "
                "paid already, there is nothing to do.",
            ),
        },
    ),
    Template(
        name="complaint_news",
        purpose="complaint",
        placeholders={"complaint": _WORD, "news": _LINE},
        wordings={
            "tr": _tr(
                "{complaint} numaralı şikâyetiniz: {news}",
                "Şikâyetinizle ilgili haber: {complaint}",
                "{complaint} numaralı şikâyetinizde yeni bir gelişme var: {news}",
            ),
            "en": _en(
                "Your complaint {complaint}: {news}",
                "News of your complaint {complaint}",
                "There is news of your complaint {complaint}: {news}",
            ),
        },
    ),
    Template(
        name="warranty_registered",
        purpose="warranty",
        placeholders={"product": _WORD, "until": _WORD},
        wordings={
            "tr": _tr(
                "{product} ürününüzün garantisi {until} tarihine kadar geçerli.",
                "Garantiniz kaydedildi: {product}",
                "{product} ürününüzün garantisini kaydettik. {until} tarihine kadar geçerlidir.",
            ),
            "en": _en(
                "The warranty of your {product} runs until {until}.",
                "Your warranty: {product}",
                "We have registered the warranty of your {product}. It runs until {until}.",
            ),
        },
    ),
    Template(
        name="appointment_set",
        purpose="appointment",
        placeholders={"subject": _WORD, "when": _WORD},
        wordings={
            "tr": _tr(
                "{subject} randevunuz: {when}.",
                "Randevunuz: {when}",
                "{subject} için randevunuz {when}. Size uymazsa lütfen bize haber verin.",
            ),
            "en": _en(
                "Your appointment for {subject}: {when}.",
                "Your appointment: {when}",
                "Your appointment for {subject} is {when}. If that does not suit you, please let "
                "us know.",
            ),
        },
    ),
    Template(
        name="safety_notice",
        purpose="safety",
        placeholders={"product": _WORD, "danger": _LINE, "what_to_do": _LINE},
        wordings={
            "tr": _tr(
                "GÜVENLİK: {product}: {danger} {what_to_do}",
                "Güvenlik uyarısı: {product}",
                "{product} ürününüzle ilgili bir güvenlik uyarımız var: {danger}\n\n"
                "Ne yapmalısınız: {what_to_do}",
            ),
            "en": _en(
                "SAFETY: {product}: {danger} {what_to_do}",
                "Safety notice: {product}",
                "We have to warn you of your {product}: {danger}\n\nWhat to do: {what_to_do}",
            ),
        },
    ),
    Template(
        name="offer_made",
        purpose="offer",
        placeholders={"offer": _LINE, "until": _WORD, "link": _LINK},
        wordings={
            "tr": _tr(
                "{offer} Son gün {until}. {link}",
                "Size bir teklifimiz var",
                "{offer}\n\nTeklif {until} tarihine kadar geçerlidir. Ayrıntılar: {link}",
                refusable=True,
            ),
            "en": _en(
                "{offer} Until {until}. {link}",
                "An offer for you",
                "{offer}\n\nThe offer stands until {until}. More: {link}",
                refusable=True,
            ),
        },
    ),
    Template(
        name="good_wishes",
        purpose="greeting",
        placeholders={"wish": _LINE},
        wordings={
            "tr": _tr("{wish}", "İyi dileklerimizle", "{wish}", refusable=True),
            "en": _en("{wish}", "With our best wishes", "{wish}", refusable=True),
        },
    ),
    Template(
        name="warranty_extension",
        purpose="warranty_extension",
        placeholders={"product": _WORD, "until": _WORD, "link": _LINK},
        wordings={
            "tr": _tr(
                "{product} garantiniz {until} bitiyor; uzatmak için {link}",
                "Garantinizi uzatabilirsiniz: {product}",
                "{product} ürününüzün garantisi {until} tarihinde bitiyor. Uzatmak isterseniz: "
                "{link}",
                refusable=True,
            ),
            "en": _en(
                "The warranty of your {product} ends {until}; to extend it: {link}",
                "You can extend your warranty: {product}",
                "The warranty of your {product} ends on {until}. If you would like to extend it: "
                "{link}",
                refusable=True,
            ),
        },
    ),
    Template(
        name="survey_asked",
        purpose="survey",
        placeholders={"subject": _WORD, "link": _LINK},
        wordings={
            "tr": _tr(
                "{subject} hakkında görüşünüz: {link}",
                "Görüşünüzü sormak isteriz",
                "{subject} hakkında ne düşündüğünüzü öğrenmek isteriz. Birkaç dakikanızı alır: "
                "{link}",
                refusable=True,
            ),
            "en": _en(
                "What did you think of {subject}? {link}",
                "We would like to ask you",
                "We would like to know what you thought of {subject}. It takes a few minutes: "
                "{link}",
                refusable=True,
            ),
        },
    ),
)
TEMPLATES: Mapping[str, Template] = {one.name: one for one in _ALL}


def template_of(name: str, purpose: str) -> Template:
    """The template of a name. Raise Invalid where there is none, or it is for something else."""
    template = TEMPLATES.get(name)
    if template is None:
        raise Invalid(
            f"there is no such template; there are {', '.join(sorted(TEMPLATES))}",
            field="template",
        )
    if template.purpose != purpose:
        raise Invalid(f"this template is for {template.purpose}", field="template")
    return template
