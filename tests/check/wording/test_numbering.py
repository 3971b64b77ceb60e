"""Numbers that count sections, figures and versions are no measured ones, in headings, lists and references."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from bifolio.chapters.templates.source import Template
from bifolio.check.subject import Subject
from bifolio.check.wording.prose import typed_numbers
from bifolio.formats.language import load_language
from bifolio.memo import Memo

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


@pytest.fixture
def found(tmp_path: Path) -> Any:
    def look(language: str, text: str) -> list[int]:
        words = {language: load_language(language, TEMPLATES).words}
        template = Template(language, "page", "page.md", text)
        subject = SimpleNamespace(templates=[template], words=words, memo=Memo(tmp_path / "memo", ""))
        return [finding.line for finding in typed_numbers(cast(Subject, subject))]

    return look


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "### 5.1 Setting up {#setup}"),
        ("en", "## 5. Practice {#practice}\n\n### 5.1. Setting up {#setup}\n\n#### 5.1.2 Details {#details}"),
        ("en", "# Chapter 3.2: data {#data}"),
        ("en", "### 2.1 One {#a}\n\n### 2.2 Times tables {#b}"),
        ("zh", "### 2.4 概述 {#a}\n\n### 2.1 概述 {#b}\n\n### 2.2 概述 {#c}\n\n### 2.3 倍率的选择 {#d}"),
        ("zh", "## 第 3 章 数据 {#a}\n\n### 第三节 3.2 清洗 {#b}\n\n### 附录 1.2 {#c}"),
        ("en", "See Section 5.1, sections 5.1 and 5.2, sections 2.1–2.4, or §3.2; (see 5.1)."),
        ("en", "Figures 3.1, 3.2 and 3.3 show it, cf. 4.1; steps 1.1 to 1.3; as in section\n5.1 of it; Theorem 2.3."),
        ("zh", "参见 5.1；见第 2.1、2.2 节；3.2 节和图 4.1、4.2；第 2.1 至 2.3 节；5.1 与 5.2 节。"),
        ("zh", "需要 Python 3.11，或使用Python 3.8（PyTorch 2.1）。"),
        ("en", "- 1.1 Read\n- 1.2 Clean\n- 1.3 Split"),
        ("zh", "1.1 读取\n\n1.2 清洗"),
        ("en", "### 5.1 Setting up {#setup}\n\n### 5.2 Running {#running}\n\nThen [5.2 Running](#running) follows."),
        ("en", "It is arXiv:1706.03762, doi 10.1038/nature14539."),
    ],
)
def test_what_counts_is_no_finding(found: Any, language: str, text: str) -> None:
    assert found(language, text) == []


@pytest.mark.parametrize(
    ("language", "text", "line"),
    [
        ("en", "### An accuracy of 93.7 on digits {#digits}", 1),
        ("en", "### 93.7 % of all digits {#digits}", 1),
        ("zh", "### 3.5 倍的加速 {#speed}", 1),
        ("en", "- 93.7 for ours\n- 91.2 for theirs", 1),
        ("en", "The usage 3.5 and a stable 2.5 are measured.", 1),
        ("zh", "可见 3.5 的损失。", 1),
        ("zh", "### 5.1 概述 {#a}\n\n### 5.2 结果 {#b}\n\n损失是 5.1。", 5),
        ("en", "See section 5.1: 12.5 was the loss.", 1),
    ],
)
def test_what_is_measured_stays_one(found: Any, language: str, text: str, line: int) -> None:
    assert found(language, text)[:1] == [line]
