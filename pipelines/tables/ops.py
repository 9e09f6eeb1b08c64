"""Tables of ops: what the warehouse says of itself. Builds, gates and releases write them."""

from pipelines.dictionary import Kind, Words
from pipelines.tables.declaration import Table

LOAD_AUDIT = Table(
    "ops",
    "load_audit",
    zh="每个收到的文件一行：读取＝入库＋隔离＋重复＋取代",
    en=(
        "One row per file received: read = loaded + quarantined + duplicate + superseded, in rows"
        " and in money"
    ),
    grain="source_file_id",
    fields="""
        source_file_id source partition file_name sha256 bytes encoding dialect rows_read
        rows_loaded rows_quarantined rows_duplicate rows_superseded amount_read_cny
        amount_loaded_cny amount_quarantined_cny amount_duplicate_cny amount_superseded_cny
        footer_rows footer_amount_cny footer_agrees is_truncated repeated_headings status reason
        other_file_id landing_path received_at loaded_at
    """,
    present="",
    words={
        "source_file_id": Words("文件标识，与行号一起指明出处",
            "File id; with the row number, where a row comes from"),
        "footer_agrees": Words("文件自印的全部合计与各行一致",
            "Whether every total that the file prints agrees with its rows"),
        "status": Words(
            "状态：文件为 loaded、refused、duplicate、reissue、superseded、held（待定）、"
            "rejected（弃用）",
            "Of a file: loaded, refused, duplicate, reissue, superseded, held (waits for a"
            " decision) or rejected; of a source: ok, stale, refused, held or never"),
    },
)  # fmt: skip # a declaration

QUARANTINE = Table(
    "ops",
    "quarantine",
    zh="被拒的行：规则、原因与原文",
    en="Refused rows: rule, reason and raw text",
    grain="quarantine_id",
    fields="""
        quarantine_id source file_name source_sheet source_row rule_ids reasons_zh reasons_en
        raw_text first_seen source_file_id state state_reason decided_by decided_at
    """,
    present="",
    words={
        "state": Words("处理状态：open 待处理、waived 已豁免",
            "open, or waived: a person decided that it may stay out"),
        "decided_at": Words("决定时间（北京时间）", "When it was decided, Beijing time"),
    },
)  # fmt: skip # a declaration

CORRECTIONS = Table(
    "ops",
    "corrections",
    zh="经人更正的被拒行：改了哪些列、由谁、为何、结果如何",
    en="Refused rows that a person corrected: which columns, who, why, and what came of it",
    grain="quarantine_id",
    fields="""
        quarantine_id source file_name source_file_id corrected_columns state state_reason
        decided_by decided_at handed_in
    """,
    present="",
    words={
        "state": Words(
            "结果：applied 已按更正读入、refused 仍不合格、not_standing 文件已不计入、"
            "waiting 尚未重读",
            "applied (read as corrected), refused (still breaks a rule, see ops.quarantine),"
            " not_standing (its file does not count) or waiting (not read again yet)"),
        "file_name": Words("文件名", "File name",
            "未知则为空", "null where it is not known"),
        "decided_at": Words("决定时间（北京时间）", "When it was decided, Beijing time"),
    },
)  # fmt: skip # a declaration

FORGOTTEN_PEOPLE = Table(
    "ops",
    "forgotten",
    zh="应本人要求遗忘的人：多少人、多少行，不指明任何人；人数因此减少，金额与笔数不变",
    en=(
        "People who asked to be forgotten: how many, and how many rows, naming nobody. Numbers of"
        " donors (人) fall by them; money and gifts (笔) stay"
    ),
    grain="source",
    fields="source people_forgotten lines_forgotten last_forgotten_on",
    present="",
    words={
        "source": Words("来源；any 为全部来源合计（一人可在多个来源）",
            "Source; any is all of them together, for a person may be in several"),
    },
)  # fmt: skip # a declaration

SOURCE_HEALTH = Table(
    "ops",
    "source_health",
    zh="每个来源有多新鲜",
    en="How fresh each source is",
    grain="source",
    fields="""
        source title_zh title_en last_good_partition last_loaded_at hours_stale expected_every
        open_quarantine refused_files status
    """,
    present="",
    words={
        "status": Words(
            "状态：文件为 loaded、refused、duplicate、reissue、superseded、held（待定）、"
            "rejected（弃用）",
            "Of a file: loaded, refused, duplicate, reissue, superseded, held (waits for a"
            " decision) or rejected; of a source: ok, stale, refused, held or never"),
    },
)  # fmt: skip # a declaration

DRIFT = Table(
    "ops",
    "drift",
    zh="契约不认识的列与代码",
    en="Columns and codes that no contract knows",
    grain="source_file_id kind name value",
    fields="source partition file_name source_file_id kind name value times first_seen",
    present="",
    words={
        "kind": Words("类别", "Kind"),
        "name": Words("列名", "Column"),
    },
)  # fmt: skip # a declaration

FILE_PAIRS = Table(
    "ops",
    "file_pairs",
    zh="同名或各行相同的文件与判定",
    en="Files alike in name or rows, and the decision",
    grain="source_file_id earlier_file_id",
    fields="""
        source partition file_name source_file_id earlier_file_name earlier_file_id alike decided
        shared_rows earlier_rows shared_percent
    """,
    present="",
)  # fmt: skip # a declaration

LEFT_OUT = Table(
    "ops",
    "left_out",
    zh="文件中未读取的内容",
    en="What files held that was not taken: where and how much",
    grain="source file_name kind place",
    fields="source partition file_name source_file_id kind place rows cells first_seen",
    present="",
    words={
        "kind": Words("类别", "Kind"),
    },
)  # fmt: skip # a declaration

ARCHIVE_FAULTS = Table(
    "ops",
    "archive_faults",
    zh="归档中丢失或被改动的文件",
    en="Archived files that are missing or altered",
    grain="source_file_id",
    fields="source file_name source_file_id fault found_at",
    present="",
)  # fmt: skip # a declaration

LET_GO = Table(
    "ops",
    "let_go",
    zh="按保留规则放手的文件：早已不计入，其字节不再保留；账仍在 load_audit",
    en=(
        "Files let go by retention: long without any row that counts, and their bytes are no longer"
        " kept; their account stays in load_audit"
    ),
    grain="source_file_id zone",
    fields="""
        source file_name source_file_id zone bytes let_go_at retention_rule status other_file_id
    """,
    present="",
    words={
        "bytes": Words("释放的字节数", "Bytes given back"),
        "status": Words("当时的状态：superseded、refused 或 duplicate",
            "How it stood then: superseded, refused or duplicate"),
    },
)  # fmt: skip # a declaration

PULL_FAULTS = Table(
    "ops",
    "pull_faults",
    zh="拉取不到的内容、规则与起始时间；不含任何密码或令牌",
    en=(
        "What could not be pulled, by which rule and since when, as of the last pull; without any"
        " secret"
    ),
    grain="pull file_name",
    fields="""
        source pull file_name place rule_id detail description_zh description_en failing_since
        last_well_at
    """,
    present="",
    words={
        "place": Words("地址，不含密码与参数", "The address, without secrets and parameters"),
        "file_name": Words("文件；空串表示整个拉取", "The file; an empty text for the whole pull"),
        "rule_id": Words("所违反的规则，见 ops.rules", "The rule, see ops.rules"),
        "description_zh": Words("原因与办法（中文）", "What is wrong and what to do, in Chinese"),
        "description_en": Words("原因与办法（英文）", "What is wrong and what to do, in English"),
    },
)  # fmt: skip # a declaration

RESTATEMENTS = Table(
    "ops",
    "restatements",
    zh="替换文件改变了哪些键",
    en="What a replacing file changed in the one before it",
    grain="source partition key new_file_id",
    fields="""
        source partition key change changed_columns old_amount_cny new_amount_cny old_file_id
        new_file_id received_at
    """,
    present="",
)  # fmt: skip # a declaration

RULES = Table(
    "ops",
    "rules",
    zh="全部规则目录",
    en="The catalogue of all rules",
    grain="rule_id",
    fields="""
        rule_id kind layer table_name severity description_zh description_en remedy_zh remedy_en
    """,
    present="",
    words={
        "rule_id": Words("规则标识", "Rule id"),
        "kind": Words("类别", "Kind"),
        "severity": Words("严重程度", "Severity"),
    },
)  # fmt: skip # a declaration

GATE_RESULTS = Table(
    "ops",
    "gate_results",
    zh="每项检查与本次发布的结论",
    en="Verdict of every check",
    grain="rule_id",
    fields="""
        rule_id layer table_name severity status observed checked_rows failing_rows sample
        description_zh description_en run_id
    """,
    present="",
    words={
        "rule_id": Words("规则编号", "Rule, see ops.rules"),
        "layer": Words("检查层", "Layer: loaded, star, release or dbt"),
        "table_name": Words("被检查的表", "Table checked"),
        "severity": Words("严重程度", "critical (blocks a release) or warning"),
        "status": Words("结论", "pass, fail, error (the check could not run) or skipped"),
        "description_zh": Words("规则(中文)", "The rule in Chinese"),
        "description_en": Words("规则(英文)", "The rule in English"),
    },
)  # fmt: skip # a declaration

GATE_HISTORY = Table(
    "ops",
    "gate_history",
    zh="每条规则历次发布的结论：结论相同的连续发布为一行，至多十二行",
    en="Each rule's verdicts over releases: a row for releases in a row with one verdict, at most"
       " twelve",
    grain="rule_id first_release_id",
    fields="""
        rule_id status first_release_id first_published_at first_as_of last_release_id
        last_published_at last_as_of releases failing_rows most_failing_rows description_zh
        description_en
    """,
    present="",
    words={
        "rule_id": Words("规则编号", "Rule, see ops.rules"),
        "status": Words("结论", "pass, fail, error (the check could not run) or skipped"),
        "failing_rows": Words("其中最后一次发布的违规行数",
            "Rows that break the rule in the last of these releases"),
        "description_zh": Words("规则(中文)", "The rule in Chinese"),
        "description_en": Words("规则(英文)", "The rule in English"),
    },
)  # fmt: skip # a declaration

RELEASES = Table(
    "ops",
    "releases",
    zh="保留的发布与本次发布",
    en="Kept releases and this one",
    grain="release_id",
    fields="""
        release_id published_at as_of content_hash rows gates_passed warnings inputs_hash number
        schema_version
    """,
    present="",
    words={
        "as_of": Words("截至日期", "As-of date: the day up to which the release knows"),
        "rows": Words("星型表与集市的总行数", "Rows in star and marts"),
        "warnings": Words("未阻断的不合格检查数", "Failed checks that do not block"),
    },
    kinds={"warnings": Kind.INTEGER},
)  # fmt: skip # a declaration

RELEASE_PARTS = Table(
    "ops",
    "release_parts",
    zh="本次发布中过大而存于文件之外的表：每个 Parquet 分片一行；没有则无行。若库目录不在所载位置，"
       "请先执行 SET VARIABLE juandi_warehouse = '目录'",
    en="Tables too large for this file: a row for each of their Parquet files beside it, none where"
       " there are none. If the warehouse's folder is not where they say, first run"
       " SET VARIABLE juandi_warehouse = 'folder'",
    grain="part_path",
    fields="table_name part_path rows bytes sha256 warehouse",
    present="",
)  # fmt: skip # a declaration

TABLES = (
    LOAD_AUDIT,
    QUARANTINE,
    CORRECTIONS,
    FORGOTTEN_PEOPLE,
    SOURCE_HEALTH,
    DRIFT,
    FILE_PAIRS,
    LEFT_OUT,
    ARCHIVE_FAULTS,
    LET_GO,
    PULL_FAULTS,
    RESTATEMENTS,
    RULES,
    GATE_RESULTS,
    GATE_HISTORY,
    RELEASES,
    RELEASE_PARTS,
)
