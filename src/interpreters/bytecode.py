"""Says whether a .pyc was made from a source; nothing is run.

Started and asked as check.py is, from CPython 3.7 on. A question is the size of the .pyc (8 bytes, big-endian), the level of
optimization (1 byte), the .pyc and the source; an answer one line of JSON.
"""

import importlib.util
import json
import marshal
import os


def check(question, peak_memory):
    """`same`, `different`, `rejected` (so no source of any bytecode), `foreign` (of another magic number), `unreadable`."""
    size = int.from_bytes(question[:8], 'big')
    return json.dumps({'made': made(question[9:9 + size], question[9 + size:], question[8])})


def made(pyc, source, optimize):
    if pyc[:4] != importlib.util.MAGIC_NUMBER:
        return 'foreign'
    if pyc[4] & 1:
        return 'same' if pyc[8:16] == importlib.util.source_hash(source) else 'different'
    try:
        code = marshal.loads(pyc[16:])
        name = code.co_filename
    except Exception:  # whatever marshal makes of what is none
        return 'unreadable'
    try:
        again = compile(source, name, 'exec', 0, True, optimize)
    except (SyntaxError, ValueError):
        return 'rejected'
    except Exception:  # too deep, or too large, for this process
        return 'unreadable'
    return 'same' if same(again, code) else 'different'


TRAITS = ['co_name', 'co_argcount', 'co_posonlyargcount', 'co_kwonlyargcount', 'co_flags', 'co_code', 'co_names',
          'co_varnames', 'co_freevars', 'co_cellvars']


def same(one, other):
    """Whether two codes do the same. Where their lines are does not count: it can be left out of a .pyc."""
    if type(one) is not type(other):
        return False
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if not isinstance(one, type(same.__code__)):
        return one == other or repr(one) == repr(other)
    traits = [getattr(one, name, None) == getattr(other, name, None) for name in TRAITS]
    return all(traits) and same(one.co_consts, other.co_consts)


def program(name):
    spec = importlib.util.spec_from_file_location(name, os.path.join(os.path.dirname(os.path.abspath(__file__)), name + '.py'))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == '__main__':
    program('check').serve(check)
