"""What becomes of the system when anything goes wrong at any moment.

A story is told once, and every AWS call that any handler makes meanwhile is noted. Then each of
them fails in every way that it can fail, and each time the same must hold once all is quiet.

calls.py       notes the calls and lets them fail      kinds.py      the ways in which they fail
world.py       the functions, and moto behind them     carrier.py    what AWS carries to functions
caller.py      who asks, and asks again                story.py      what is told
ledger.py      what was said and promised              truth.py      what the entities say
invariants/    what must hold
"""
