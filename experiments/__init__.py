"""The experiments of the report, one file each; what they share lies in folders, what they measured in `results`."""
