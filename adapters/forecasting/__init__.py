"""A look ahead: made-up petitions are driven through the real ``decide`` and ``evolve`` by made-up people.

``setup`` says what is assumed, ``hours`` when people work, ``crew`` how they queue, ``flow`` what comes next for a
case, ``running`` is one simulated run, ``many`` is all of them, ``outlook`` what they say together and ``advice`` how
many people would hold it. ``history`` reads the installation's own ledger. Nothing is written anywhere.
"""
