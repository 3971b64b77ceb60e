"""Importing this imports what the planned experiments import: the one module whose import does something.

multiprocessing's fork server can only be told to import modules by name, and `from transformers import GPT2LMHeadModel`
costs seconds beyond `import transformers`; so the names travel in an environment variable and are fetched here, once.
What a witness tells of the machine is read here too, once for all the processes that are forked.
"""

import importlib
import json
import os
import sys

from bifolio.runner.executors.forked import PRELOAD
from bifolio.runner.measuring import surroundings
from bifolio.runner.measuring.installed import is_library
from bifolio.runner.measuring.readers import let_readers_tell

_asked = json.loads(os.environ.pop(PRELOAD, '{"imports": [], "libraries": []}'))  # a run cannot see it
let_readers_tell()  # before anything takes one of them by its name
for _module, _name in _asked["imports"]:
    if not is_library(_module):
        continue  # the guard of the run that imports it has to hear of it
    try:
        getattr(importlib.import_module(_module), _name, None)
    except ImportError:
        continue  # the run that needs it says so with its own traceback
surroundings.machine()
surroundings.versions(_asked["libraries"])
# Every run takes these, and would import them itself.
for _module in ("bifolio.runner.measuring.worker", "ctypes", "resource", "multiprocessing.popen_forkserver"):
    importlib.import_module(_module)
if "numpy" in sys.modules:
    importlib.import_module("numpy.random")  # NumPy loads it when it is first used, which would be in every run
