"""Write each guide as one HTML file that needs nothing else: `make guides` makes the pictures first.

``python docs/guides.py`` writes build/guides/<language>/<guide>.html and says which pictures are missing.
"""

import base64
import html
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from adapters.guides import LANGUAGES, SCREENS, Drawing, Guide, drawn  # noqa: E402 - the root has to be on the path first

OUT = ROOT / "build" / "guides"
STYLE = """
body{margin:0 auto;max-width:46rem;padding:1.5rem;color:#16202e;line-height:1.65;
font-family:"Noto Sans CJK SC","Source Han Sans SC","PingFang SC","Microsoft YaHei",system-ui,sans-serif}
*{overflow-wrap:anywhere}.wide{overflow-x:auto}
h1{font-size:1.6rem}h2{font-size:1.2rem;margin:2rem 0 .5rem}strong{color:#163a5f}a{color:#1d4e80}
figure{margin:1rem 0;break-inside:avoid}figure img{max-width:100%;border:1px solid #c9d2de;border-radius:6px}
figcaption{color:#4d5b6d;font-size:.9em}table{border-collapse:collapse;width:100%}tr{break-inside:avoid}
th,td{border:1px solid #c9d2de;padding:.4rem .6rem;text-align:left;vertical-align:top}th{background:#edf1f6}
"""


def main() -> int:
    """Write them all."""
    missing: list[str] = []
    for lang in LANGUAGES:
        (OUT / lang).mkdir(parents=True, exist_ok=True)
        for guide in Guide:
            (OUT / lang / f"{guide}.html").write_text(whole(guide, lang, missing), encoding="utf-8")
    sys.stdout.write(f"{OUT.relative_to(ROOT)}: {len(LANGUAGES) * len(Guide)}\n")
    if missing:
        sys.stderr.write(f"缺少图片，请运行 make guides · pictures are missing, run it: {', '.join(missing)}\n")
    return 1 if missing else 0


def whole(guide: Guide, lang: str, missing: list[str]) -> str:
    """Return a guide as one HTML file; a picture that is not there is added to ``missing``, its caption stays."""

    def picture(name: str, caption: str) -> str:
        said = html.escape(caption)
        path = SCREENS / lang / name
        if not path.is_file():
            missing.append(f"{lang}/{name}")
            return f"<figure><figcaption>{said}</figcaption></figure>"
        data = base64.b64encode(path.read_bytes()).decode()
        return f'<figure><img src="data:image/png;base64,{data}" alt="{said}"><figcaption>{said}</figcaption></figure>'

    page = drawn(guide, lang, Drawing(picture, _way))
    names = [(each, each.zh if lang == "zh" else each.en) for each in Guide if each != guide]
    others = " · ".join(f'<a href="{each}.html">{html.escape(name)}</a>' for each, name in names)
    code = "zh-CN" if lang == "zh" else "en"
    return (
        f'<!doctype html>\n<html lang="{code}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{html.escape(page.title)}</title>'
        f"<style>{STYLE}</style></head><body>\n<h1>{html.escape(page.title)}</h1>\n{page.body}"
        f"<hr><p>{others}</p></body></html>\n"
    )


def _way(where: str) -> str | None:
    """Return where a link leads in a file: to another guide's file; an address of the console leads nowhere."""
    return None if where.startswith("/") else where.replace(".md", ".html")


if __name__ == "__main__":
    sys.exit(main())
