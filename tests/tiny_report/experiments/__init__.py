"""The experiments of the tiny report: pure Python, a second in all."""
