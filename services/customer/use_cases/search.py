"""Searching for people at the desk."""

from services.customer.domain.question import Question
from services.customer.domain.search import ADVICE, Fit, Found, Look, Search, best
from services.customer.ports import Directory

MOST_LOOKS = 3  # into the directory, beside the one question which words it knows
PAGE = 100  # people seen in one look


def search_customers(directory: Directory, text: str, *, most: int) -> Found:
    """At most so many whom the text fits, the best first.

    It takes at most four reads, each of a bounded size, however many people
    there are. Raise Invalid where the text says too little.
    """
    question = Question.of(text)
    search = Search(question, directory.words_like(question.words) if question.by_words else {})
    looks, narrower = search.looks(), search.narrower()
    fits: dict[str, Fit] = {}
    done: list[Look] = []
    crowded = False
    for _ in range(MOST_LOOKS):
        look = next((one for one in looks if not any(old.covers(one) for old in done)), None)
        if look is None or len(fits) >= most:
            break
        looks.remove(look)
        page = directory.look(look, most=PAGE)
        found = {fit.listed.customer_id: fit for fit in search.fits(look, page.listed)}
        fits = found | fits
        if page.full:
            crowded, looks, narrower = True, narrower + looks, []
        else:
            done.append(look)
            # What was too full is seen well enough where three words lead to somebody.
            crowded = crowded and not (found and look in search.narrower())
    more = crowded or len(fits) > most
    return Found(fits=best(fits.values(), most), more=more, advice=ADVICE if more else None)
