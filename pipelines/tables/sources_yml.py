"""dbt's yml of the lake: what models read, from the contracts of the sources."""

from __future__ import annotations

from pipelines.sources import SOURCES
from pipelines.tables.models_yml import as_yml

#: Tables of the lake that no source hands out; a build writes them.
_OWN = (
    (
        "run",
        "本次构建，一行：as_of（截至日期）、run_id、sample_files（合成样本文件数）"
        " / This build, one row: as_of, run_id, sample_files (files of synthetic samples)",
    ),
    (
        "footer_claims",
        "文件自称的数字，每文件每项一行：所印、所得、是否一致"
        " / What files say of themselves, a row per file and figure: printed, found, agrees",
    ),
    (
        "known_files",
        "计入本次构建的文件，每文件一行：来源、文件、分区；没有一行记录的文件也在其中"
        " / The files whose rows count, a row each: source, file, partition; also files without a"
        " single record",
    ),
)


def sources_file() -> str:
    """The yml's text."""
    sources = [(s.name, f"{s.title_zh} / {s.title_en}") for s in SOURCES.values()]
    tables = [{"name": name, "description": text} for name, text in (*sources, *_OWN)]
    lake = {
        "name": "lake",
        "schema": "lake",
        "description": "清洗后的类型化行，列与类型见 pipelines/sources 的契约"
        " / Clean, typed rows; columns and types are the contracts in pipelines/sources",
        "tables": tables,
    }
    return as_yml({"version": 2, "sources": [lake]})
