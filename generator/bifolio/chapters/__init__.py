"""Chapters: the author's templates and the stored results become the pages of each edition."""

from bifolio.chapters.writing import Rendering, render

__all__ = ["Rendering", "render"]
