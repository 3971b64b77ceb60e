"""The experiments of the report, one file each; `datasets` has their data, `results` what they measured."""
