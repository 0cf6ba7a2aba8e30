"""Passwords that would be guessed: words of this very place, and what everybody takes, with a few signs around it.

Nothing is said about which signs a password is made of: any are good, so long as something of its own is left.
"""

from collections.abc import Iterable
from typing import Final

SHORTEST: Final = 10
LONGEST: Final = 200
OF_ITS_OWN: Final = 6
"""So many characters have to be left when known words, rows of keys and counting are taken away."""
OF_THE_FIELD: Final = (
    *("banjie", "办结", "xinfang", "信访", "petition", "tousu", "投诉", "huanbao", "环保", "环境", "shengtai", "生态"),
    *("hengnan", "county", "bureau", "ecology", "环保局", "生态环境局", "办公室", "bangong"),
)
"""What such a desk's people think of first; the names of its people, units and the office itself come to it."""
COMMON: Final = (
    *("password", "passwort", "passwd", "passw", "mima", "密码", "口令", "admin", "administrator", "管理员", "root"),
    *("welcome", "letmein", "iloveyou", "woaini", "我爱你", "changeme", "secret", "default", "login", "user", "test"),
    *("master", "dragon", "monkey", "football", "baseball", "sunshine", "princess", "superman", "batman", "hello"),
    *("computer", "internet", "michael", "shadow", "trustno", "freedom", "whatever", "starwars", "killer", "zhang"),
    *("wang", "china", "zhongguo", "中国", "beijing", "shanghai", "hunan", "qwer", "asdf", "zxcv", "abc", "aaa"),
)
KEYS: Final = (
    *("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz"),
    *("1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "qazwsxedcrfvtgbyhnujm"),
)
RUN: Final = 4
"""So many neighbours in a row of keys are one thing to guess."""
_LIKE: Final = str.maketrans("@0134$5!", "aoleassi")


def is_guessable(password: str, person: str, words: Iterable[str] = ()) -> bool:
    """Tell whether a password would be among the first that somebody tries.

    Args:
        password: as it was typed; it is judged and hashed to the letter, with nothing changed about it.
        person: whose it is to be.
        words: what people know of them and of their office.
    """
    if len(set(password)) <= 2 or password == person:
        return True
    known = {each.casefold() for each in (person, *OF_THE_FIELD, *COMMON, *words) if len(each.strip()) >= 2}
    plain = password.casefold()
    for row in KEYS:
        for way in (row, row[::-1]):
            plain = _without_runs(plain, way)
    return any(len(_without_words(form, known)) < OF_ITS_OWN for form in (plain, plain.translate(_LIKE)))


def _without_words(text: str, known: Iterable[str]) -> str:
    for word in sorted(known, key=len, reverse=True):
        text = text.replace(word, "")
    return text


def _without_runs(text: str, row: str) -> str:
    kept, at = "", 0
    while at < len(text):
        end = at
        while end < len(text) and text[at : end + 1] in row:
            end += 1
        if end - at >= RUN:
            at = end
        else:
            kept, at = kept + text[at], at + 1
    return kept
