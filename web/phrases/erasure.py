"""The console's words: what was erased of who complained."""

from typing import Final

ENGLISH: Final[dict[str, str]] = {
    "{n} 份，密钥已销毁": "{n}, their keys destroyed",
    "{n} 份，密钥正在销毁": "{n}, their keys about to be destroyed",
    "信访人信息已依法删除，任何人不能再查看。": "Who complained was erased by law; nobody sees it any more.",
    "已删除": "Erased",
    "您的个人信息": "What we knew of you",
    "没有密封内容，或其密钥已销毁、内容已删除。": "Nothing is under seal, or its key was destroyed and it is erased.",
}
