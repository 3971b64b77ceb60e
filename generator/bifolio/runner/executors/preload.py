"""Importing this imports what the planned experiments import: the one module whose import does something.

multiprocessing's fork server can only be told to import modules by name, and `from transformers import GPT2LMHeadModel`
costs seconds beyond `import transformers`; so the names travel in an environment variable and are fetched here, once.
"""

import importlib
import json
import os
import sys

VARIABLE = "BIFOLIO_PRELOAD"

for _module, _name in json.loads(os.environ.get(VARIABLE, "[]")):
    try:
        getattr(importlib.import_module(_module), _name, None)
    except ImportError:
        continue  # the run that needs it says so with its own traceback
# multiprocessing imports the command's script, and with it argparse, in every process it starts; storing a result
# takes the others.
for _module in ("argparse", "resource", "bifolio.results.store", "bifolio.storage"):
    importlib.import_module(_module)
if "numpy" in sys.modules:
    importlib.import_module("numpy.random")  # NumPy loads it when it is first used, which would be in every run
