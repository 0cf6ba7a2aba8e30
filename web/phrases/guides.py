"""The console's words: the guides."""

from typing import Final

ENGLISH: Final[dict[str, str]] = {
    "怎么办理：操作指南": "How this works: the guide",
    "操作指南": "Guides",
    "您的指南": "Yours",
    "其他职责的指南": "For others",
    "全部指南": "All guides",
    "本页内容": "On this page",
    "图：{what}": "Picture: {what}",
}
