"""The console's words: daily roots."""

from typing import Final

ENGLISH: Final[dict[str, str]] = {
    "每日根": "Daily roots",
    "每天把全部案件和访问日志的链头汇成一棵树，签名后送到别处留存。被根覆盖的内容此后一经改动，一比就知道。": (
        "Each day the heads of all cases and of the access log are joined in one tree, signed, and kept elsewhere too. "
        "What a root covers cannot be changed afterwards without being found."
    ),
    "没有设置见证：能改写账本的人也能改写这些根。请由管理员设置见证目录或见证邮件。": (
        "There is no witness: whoever can rewrite the ledger can rewrite these roots. Let an administrator set a "
        "witness folder, or a letter to a witness."
    ),
    "最近一个根生成于 {at}，此后没有新的根。": "The newest root was made at {at}; there has been none since.",
    "最近一个根还没有送达见证。": "The newest root has not reached a witness yet.",
    "能证明什么，不能证明什么": "What this proves, and what it does not",
    "{at} 以前写入的内容已由别处留存的根覆盖：改、删、移、截断、插入、整段重写，都能发现。": (
        "What was written before {at} is covered by a root that is kept elsewhere: altered, removed, moved, cut off, "
        "put in or rewritten as a whole, it is found."
    ),
    "还没有别处留存的根：整段重写账本的人目前不会被发现。": (
        "No root is kept elsewhere yet: whoever rewrites a whole ledger is not found so far."
    ),
    "此后写入的内容，在下一个根送达见证之前，若连同链头一起重写，无法发现。": (
        "What was written since, if it is rewritten together with the heads before the next root reaches a witness, is "
        "not found."
    ),
    "由备份恢复的账本须记录为分叉，否则不再签名。": (
        "A ledger restored from a backup is recorded as a fork; otherwise nothing more is signed."
    ),
    "已签名的根": "Signed roots",
    "叶子数": "Leaves",
    "根": "Root",
    "账本的根": "Root of the ledger",
    "见证": "Witness",
    "还没有根：引擎运行时每日零点十分自动生成。": "No root yet: a running engine makes one at ten past midnight.",
    "已记录的分叉": "Recorded forks",
    "经办人": "Done by",
    "同意人": "Agreed by",
    "从多少叶子续写": "Went on from so many leaves",
    "签名公钥": "Public keys",
    "现用": "in use",
    "日志名称": "The log's name",
    "签名文本": "The signed text",
    "与上一个根的一致性证明": "How it goes on from the root before",
    "上一个根生成于 {at}，{size} 个叶子。下列散列值证明这些叶子原样在此（RFC 9162 第 2.1.4 节）。": (
        "The root before was made at {at}, over {size} leaves. These hashes prove that they stand here unchanged "
        "(RFC 9162, 2.1.4)."
    ),
    "怎样核对": "How to check it",
    "把签名文本存为文件，执行 banjie roots check --against 文件。": (
        "Save the signed text as a file and say banjie roots check --against FILE."
    ),
    "签名文本是公开格式（C2SP tlog-checkpoint），别的工具凭公钥也能验签。": (
        "The signed text is in a public format (C2SP tlog-checkpoint): other tools verify it by the public key, too."
    ),
    "见证人签字": "The witness's signature",
    "日期": "Date",
}
