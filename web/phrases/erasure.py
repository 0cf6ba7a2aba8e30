"""The console's words: what was erased of who complained."""

from typing import Final

ENGLISH: Final[dict[str, str]] = {
    "{n} 份，密钥已销毁": "{n}, their keys destroyed",
    "{n} 份，密钥正在销毁": "{n}, their keys about to be destroyed",
    "信访人信息已依法删除，任何人不能再查看。": "Who complained was erased by law; nobody sees it any more.",
    "已删除": "Erased",
    "保存期限与删除": "Retention and erasure",
    "信访人姓名、联系方式、原话和所附材料保存到期后，由两人分别提出和决定删除": "Name, contact, words and files: "
    "when the time they are kept for is over, one proposes to erase them and another decides",
    "{n} 件已办理": "{n} cases done",
    "没有选择信访件：请先勾选。": "No petition was chosen: tick some first.",
    "待决定": "To be decided",
    "删除依据": "Grounds",
    "提出人": "Proposed by",
    "决定删除，不可恢复": "Erase for good",
    "不同意的理由": "Why not",
    "不同意删除": "Refuse to erase",
    "没有待决定的删除。": "No erasure waits to be decided.",
    "保存期限已届满": "The time is over",
    "适用规则": "Rule",
    "保存至": "Kept until",
    "提出删除": "Propose to erase",
    "没有保存期限已届满的信访件。": "Of no petition the time is over.",
    "每类只显示前 {n} 件。": "Only the first {n} of each are shown.",
    "现行保存期限": "How long what is kept",
    "保存对象": "Of what",
    "起算日": "Counted from",
    "年数": "Years",
    "脱敏后的案情、办理记录和哈希链属于档案，不在删除之列。": "The redacted case, what was done and the chain are "
    "archives and are not erased.",
    "删除证明": "Certificate of erasure",
    "信访人信息删除证明": "Certificate of erasure of who complained",
    "上列密钥已从密钥库中销毁，所封内容任何人不能再读取；办理记录的哈希链照常可验证。": "These keys were destroyed "
    "in the keystore: nobody reads any more what they shut. The chain of what was done verifies as before.",
    "签名原文": "As it was signed",
    "保存证明文件": "Keep the certificate",
    "您的个人信息": "What we knew of you",
    "没有密封内容，或其密钥已销毁、内容已删除。": "Nothing is under seal, or its key was destroyed and it is erased.",
}
