# SPDX-License-Identifier: GPL-2.0
"""
For each test, and each Python that one starts: what kselftest's library
imports, and hardly any test uses, is loaded when it is used. To load it is
half of what it takes an emulated machine to start a test.

And specifications are read by libyaml, which is ten times as fast as what
reads them in Python.
"""

import functools
import importlib
import sys
import types


def put_off(name):
    """Have an import of a module bring no more than who loads it when used."""
    proxy = types.ModuleType(name)

    def attribute(wanted):
        if sys.modules.get(name) is proxy:
            del sys.modules[name]
        module = importlib.import_module(name)
        if wanted == "safe_load":
            return functools.partial(module.load, Loader=module.CSafeLoader)
        return getattr(module, wanted)

    # See the language's reference, "Customizing module attribute access".
    proxy.__getattr__ = attribute
    sys.modules[name] = proxy


for later in ("inspect", "ipaddress", "uuid", "yaml"):
    put_off(later)
