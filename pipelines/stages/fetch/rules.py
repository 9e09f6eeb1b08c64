"""Why something could not be pulled: the catalogue of these rules, and the error that carries one.

What is said of a failure never holds a secret: see `secrets`. Rules about files that have come are
in `reading.refusals`.
"""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.cleaning.identities import mask_text
from pipelines.reading.refusals import FileRule

_RULES = (
    FileRule("pull.unreachable", "连不上，或连接中断。",
             "It cannot be reached, or the connection broke off.",
             "核对地址、端口与网络；下次更新会再试，并从中断处续取。",
             "Check address, port and network; the next refresh tries again and goes on from where"
             " it broke off."),
    FileRule("pull.slow", "在规定的时间内取不完。", "It could not be fetched within its time.",
             "下次更新从中断处续取；或调高 `minutes`。",
             "The next refresh goes on from where it stopped; or raise `minutes`."),
    FileRule("pull.busy", "对方繁忙或出错。", "The server is busy or failed.",
             "下次更新会再试；如持续，请联系对方。",
             "The next refresh tries again; if it goes on, tell whoever runs it."),
    FileRule("pull.not_authenticated", "身份未被接受，或没有权限。",
             "It does not accept who we are, or does not let us read.",
             "核对用户、密钥与权限。", "Check user, secret and permissions."),
    FileRule("pull.host_key", "对方的主机密钥不在 known_hosts 中，或已改变。",
             "The server's host key is not in known_hosts, or has changed.",
             "向对方核实指纹后再写入 known_hosts。",
             "Confirm the fingerprint with whoever runs it, then put it into known_hosts."),
    FileRule("pull.secret", "找不到密码、密钥或令牌。",
             "A password, key or token is not where the settings say.",
             "设置该环境变量，或放好该文件。", "Set the variable, or put the file there."),
    FileRule("pull.not_found", "没有这个文件夹、存储桶或文件。",
             "There is no such folder, bucket or file.",
             "核对 juandi.toml 中的位置。", "Check the place in juandi.toml."),
    FileRule("pull.length", "收到的字节数与对方所说不符。",
             "The bytes received are not as many as the server said.",
             "请对方检查其服务；未收下该文件。",
             "Have whoever runs it look at the server; nothing of the file was taken."),
    FileRule("pull.changed", "读取过程中文件被改动。", "The file changed while it was read.",
             "下次更新会再取；请对方写完再改名放出。",
             "The next refresh fetches it again; have it written under another name and renamed."),
    FileRule("pull.checksum", "校验和不符。", "The checksum does not agree.",
             "请对方重新放出该文件与校验和。", "Have the file and its checksum put out again."),
    FileRule("pull.name", "文件名不安全或放不进收件目录。",
             "The file's name is unsafe, or cannot be a name in landing.",
             "请对方改名：不含 ..、反斜杠与控制字符。",
             "Have it renamed: no .., no backslash, no control characters."),
    FileRule("pull.link", "符号链接，不跟随。", "A symbolic link is not followed.",
             "请对方放出文件本身。", "Have the file itself put there."),
    FileRule("pull.too_large", "超过大小上限。", "It is beyond the limit of size.",
             "核对文件；确需时调高 `max_bytes`。",
             "Check the file; raise `max_bytes` if it is right."),
    FileRule("pull.too_many", "文件数超过上限。", "There are more files than the limit.",
             "用 `files` 或 `since` 缩小范围。", "Narrow it with `files` or `since`."),
    FileRule("pull.no_room", "磁盘放不下。", "There is no room for it on the disk.",
             "腾出空间后重新更新。", "Free some space and refresh again."),
    FileRule("pull.in_the_way", "收件目录中的位置被占用，或通向目录之外。",
             "Its place in landing is taken by something else, or leads out of landing.",
             "移走挡路的文件夹、文件或链接。", "Move the folder, file or link away."),
    FileRule("pull.answer", "回答不是所约定的内容。", "The answer is not what was agreed.",
             "核对地址、参数与 `rows` 等路径。", "Check the address, the parameters and the paths"
             " such as `rows`."),
    FileRule("pull.pages", "各页加起来与总数不符，或同一页反复出现。",
             "The pages do not add up to the total, or the same page comes again.",
             "核对翻页参数；数据正在变动时下次更新会再取。",
             "Check the parameters of paging; if rows were just changing, the next refresh fetches"
             " them again."),
    FileRule("pull.query", "数据库拒绝了查询。", "The database refused the query.",
             "核对 `query`、表与权限。", "Check `query`, tables and permissions."),
    FileRule("pull.empty", "没有返回任何一行；上次的文件保留。",
             "It gave no row; the last file stays.",
             "核对查询或接口；确实清空时请人工放入文件。",
             "Check the query or the interface; if it is really empty, put a file there by hand."),
    FileRule("pull.library", "没有安装所需的库。", "A library that it needs is not installed.",
             "运行 `uv sync --extra pull`，或 `pip install 'juandi[pull]'`。",
             "Run `uv sync --extra pull`, or `pip install 'juandi[pull]'`."),
    FileRule("pull.unexpected", "拉取时程序出错；其他来源不受影响。",
             "The program failed while pulling; other sources are not affected.",
             "请把此信息交给维护者。", "Send this message to the maintainers."),
)  # fmt: skip # a table

PULL_RULES: Mapping[str, FileRule] = {rule.rule_id: rule for rule in _RULES}
#: What may be over in a moment: tried again in the same night.
PASSING = frozenset(
    {"pull.unreachable", "pull.busy", "pull.length", "pull.changed", "pull.checksum", "pull.pages"}
)
#: What is wrong with the other side as a whole: its other files are not asked for.
OF_THE_WHOLE = frozenset(
    {"pull.unreachable", "pull.slow", "pull.busy", "pull.host_key", "pull.secret",
     "pull.no_room", "pull.too_many", "pull.query", "pull.library",
     "pull.unexpected"}
)  # fmt: skip # a list


class PullFailed(Exception):  # noqa: N818 - an outcome, not a mistake of ours
    """Something that could not be pulled. `detail` says what was found.

    `name`: the file it concerns, as it is called there; None for the whole. `wait`: the seconds
    after which the server asks to be asked again.
    """

    def __init__(
        self, rule_id: str, detail: str = "", *, name: str | None = None, wait: float = 0.0
    ) -> None:
        self.rule = PULL_RULES[rule_id]
        self.detail = mask_text(detail)
        self.name = name
        self.wait = wait
        super().__init__(self.reason)

    @property
    def reason(self) -> str:
        """One line, as a refused file's: rule id, both languages, what was found, remedy."""
        rule, detail = self.rule, f" [{self.detail}]" if self.detail else ""
        problem = f"{rule.rule_id}: {rule.zh} / {rule.en}{detail}"
        return f"{problem} → {rule.remedy_zh} / {rule.remedy_en}"

    @property
    def is_passing(self) -> bool:
        """Worth another try in a moment."""
        return self.rule.rule_id in PASSING

    @property
    def is_of_the_whole(self) -> bool:
        """Its other files would fail the same way."""
        return self.rule.rule_id in OF_THE_WHOLE

    def of(self, name: str) -> PullFailed:
        """The same, said of a file."""
        return PullFailed(self.rule.rule_id, self.detail, name=name, wait=self.wait)
