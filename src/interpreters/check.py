"""Compiles what it is given and says what came of it; nothing is run.

One file for every CPython that firstbreak asks, 2.7 and 3.6 to 3.15: run as a program it answers requests on stdin, each
the source's size (8 bytes, big-endian) and the source, with one line of JSON on stdout; embedded, `check` is called.
An answer has the shape of a Verdict (src/model/verdict.ts): lines and columns are 1-based, columns count code points.
What CPython warns of in a source that compiles is told as well, and changes no verdict.
Where the highest bit of a size is set, a second source follows, and the answer is whether both have the same syntax tree.
"""

import json
import os
import re
import signal
import struct
import sys
import warnings

try:
    import resource
except ImportError:  # Windows and WebAssembly
    resource = None

# In angle brackets, so that CPython finds no file to quote: errors found after parsing then come without a text.
NAME = '<firstbreak>'

GIBIBYTE = 1 << 30
# Of address space. No honest source needs it.
MEMORY_LIMIT = 4 * GIBIBYTE
# A MemoryError that comes below this peak is CPython's way to say "nested too deeply": what runs into the limit grows by
# doubling, so it holds more than a quarter when it fails.
HONEST_PEAK = GIBIBYTE

LONGEST_MESSAGE = 1000

# Of one source: who has more of them reads no further.
MOST_WARNINGS = 100
LONGEST_WARNING = 300
# Warnings of one source whose columns are looked for, and bytes that are compiled for that: each takes another compilation.
MOST_COLUMNS = 10
MOST_FOR_COLUMNS = 1 << 15

# Bytes that a source may have: the bit above tells that another one follows.
MOST = (1 << 63) - 1

# PEP 263
COOKIE = re.compile(br'[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)')
SIGNATURE = b'\xef\xbb\xbf'


def compiled(source):
    """None when it compiles, else what it raises."""
    try:
        compile(source, NAME, 'exec', 0, True)
    except BaseException as error:  # anything but a clean return is an answer
        return error
    return None


# The place and the words of each warning of the last compilation.
warned = []


def note_warning(text, category, filename, line, *_):
    """Stands in for warnings.showwarning: costs nothing where nothing is warned of."""
    # A field of an f-string is a file of its own up to 3.7, with lines of its own.
    if filename == NAME and issubclass(category, (SyntaxWarning, DeprecationWarning)) and len(warned) <= MOST_WARNINGS:
        one = (line, category.__name__, str(text)[:LONGEST_WARNING])
        if one not in warned:  # CPython parses some sources twice
            warned.append(one)


warnings.simplefilter('always')
warnings.showwarning = note_warning
# Whether this is one of the releases (3.9 to 3.12.3) that count bytes in some errors of a source that does not name its
# encoding, and code points in others: the `$` is the fifth character and the sixth byte.
MIXES_UNITS = sys.version_info >= (3,) and compiled(b"'\xc3\xa9' $").offset == 6
# Whether this is a build that has a smaller stack than others of its version, which take deeper nesting.
SHALLOW_STACK = sys.platform == 'emscripten' and sys.version_info >= (3, 15)
# The column that errors found after parsing give to the start of a line: 0 up to 3.7, 1 later, None in 2.7.
FIRST_COLUMN = compiled(b'return').offset


def check(source, peak_memory):
    """The answer for `source`, as a line of ASCII without its end. `peak_memory()` is in bytes."""
    del warned[:]
    error = compiled(source)
    if error is None:
        answer = {'kind': 'compiles'}
        if warned:
            answer['warned'] = warning_list(source)
    elif isinstance(error, MemoryError) and peak_memory() > HONEST_PEAK:
        answer = {'kind': 'undecided', 'reason': 'compiling it takes too much memory'}
    elif isinstance(error, MemoryError) and SHALLOW_STACK:
        answer = {'kind': 'undecided', 'reason': 'it is nested too deeply for this build, other builds may take it'}
    else:
        start, end = place(counted_in_characters(error, source), source)
        answer = {
            'kind': 'breaks', 'at': start, 'end': end, 'exception': type(error).__name__, 'message': message(error)
        }
    return json.dumps(answer)


def warning_list(source):
    """What CPython warned of, in the order of the lines, and whether that is all of it."""
    found, is_complete = sorted(warned)[:MOST_WARNINGS], len(warned) <= MOST_WARNINGS
    sought = min(MOST_COLUMNS, MOST_FOR_COLUMNS // len(source))
    told = [
        {
            'at': position(line, warning_column(source, line, text) if index < sought else 1),
            'category': category,
            'message': text,
        }
        for index, (line, category, text) in enumerate(found)
    ]
    return {'warnings': told, 'complete': is_complete}


def warning_column(source, line, text):
    """The first column on its line that a warning is about, which CPython tells only of errors; 1 where it does not."""
    with warnings.catch_warnings():
        warnings.filterwarnings('error', re.escape(text), lineno=line)
        error = compiled(source)
        if not isinstance(error, SyntaxError) or error.lineno != line:
            return 1
        start = place(counted_in_characters(error, source), source)[0]
    return start['column'] if start is not None and start['line'] == line else 1


def compare(source, other):
    """Whether two sources have the same syntax tree, wherever in them it stands, as a line of ASCII without its end."""
    import ast  # which takes a while, and few are asked this

    try:
        trees = [ast.dump(compile(each, NAME, 'exec', ast.PyCF_ONLY_AST, True)) for each in (source, other)]
    except BaseException:  # what is no program has no tree
        return json.dumps({'kind': 'unknown'})
    return json.dumps({'kind': 'same' if trees[0] == trees[1] else 'different'})


def message(error):
    """CPython's own words, without the place."""
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    if isinstance(text, bytes):  # 2.7
        text = text.decode('utf-8', 'replace')
    return text[:LONGEST_MESSAGE]


def counted_in_characters(error, source):
    """The same error with its columns in code points: CPython converts them itself where the source has a signature."""
    if not MIXES_UNITS or getattr(error, 'text', None) is None or source.startswith(SIGNATURE) or source.isascii():
        return error
    again = compiled(SIGNATURE + source)
    if (type(again), str(again)) == (type(error), str(error)):  # in words and line
        return again
    return error


def place(error, source):
    """Where it starts and where it ends, each None where nobody can tell."""
    line = getattr(error, 'lineno', None)
    if line is None:
        # CPython names no place for a NUL; it is the only one that needs no help to be found.
        return (null_byte(source) if b'\0' in source else None), None
    if line < 1:
        return cookie_name(source)
    lines = utf8_lines(source)
    if error.filename != NAME:  # up to 3.8, where a field of an f-string is a file of its own, `<fstring>`
        return field_place(error, lines, 1, len(lines)), None
    line = min(line, len(lines))
    if is_field(error.text, lines[line - 1]):  # 3.9 to 3.11
        return field_place(error, lines, line, line) or position(line, 1), None
    if error.offset is None or error.offset < 1 and FIRST_COLUMN != 0:
        return position(line, 1), None
    start = position(line, column(error, error.offset, line, lines, source))
    return start, end_place(error, start, lines, source)


def end_place(error, start, lines, source):
    """Just behind the last character; None when CPython does not tell."""
    line, offset = getattr(error, 'end_lineno', None), getattr(error, 'end_offset', None)
    if line is None or offset is None or offset < 1 or line > len(lines):
        return None
    if line != start['line'] and error.text is not None and offset > len(error.text):
        # CPython measures the end on the line of the start, and cuts it off there.
        return None
    end = position(line, column(error, offset, line, lines, source))
    return end if (line, end['column']) > (start['line'], start['column']) else None


def column(error, offset, line, lines, source):
    """The column that CPython calls `offset`, in code points, not further than just behind the end of the line."""
    utf8, text = lines[line - 1], error.text
    if text is None:  # found after parsing
        before = characters(utf8, offset - FIRST_COLUMN)
    elif sys.version_info < (3, 8):  # counted from the start of a text that may have several lines
        return length(decoded(text[:offset - 1], source).rpartition('\n')[2]) + 1
    elif line == error.lineno and '\n' not in text[:-1]:
        before = offset - 1
    else:  # up to 3.13, measured in bytes of this line, but turned into characters of the text's first one
        before = characters(utf8, len(text[:offset - 1].encode('utf-8', 'replace')))
    return min(before, characters(utf8, len(utf8))) + 1


def is_field(text, line):
    """Whether the text of an error is not the source's, but a field of an f-string that CPython put in parentheses."""
    return (3, 9) <= sys.version_info < (3, 12) and text is not None and not (
        line.decode('utf-8', 'replace') in text.split('\n'))


def field_place(error, lines, first, last):
    """Where an error inside a field is, if the lines from `first` to `last` hold the field's text just once, else None."""
    text = (error.text or '').rstrip('\n')
    index = (error.offset or 0) - 1
    if MIXES_UNITS:  # a signature does not change what they count in a text of their own
        index = characters(text.encode('utf-8', 'replace'), index)
    opening = 1 if text.startswith('(') else 0
    field = text[opening:-1] if text.endswith(')') else text[opening:]
    haystack = b'\n'.join(lines[first - 1:last]).decode('utf-8', 'replace')
    if field == '' or haystack.count(field) != 1 or not 0 <= index <= len(text):
        return None
    before = haystack[:haystack.index(field) + max(0, index - opening)]
    return position(first + before.count('\n'), len(before.rpartition('\n')[2]) + 1)


def null_byte(source):
    before = newlines(unsigned(source)[:unsigned(source).index(b'\0')]).split(b'\n')
    return position(len(before), characters(before[-1], len(before[-1])) + 1)


def cookie_name(source):
    """Start and end of the encoding's name, which is what an error on line 0 is about."""
    line, match = cookie(source)
    if match is None:
        return None, None
    return tuple(position(line, characters(match.string, index) + 1) for index in match.span(1))


def cookie(source):
    """The line of the coding cookie and its match; None for both where there is none."""
    for number, line in enumerate(newlines(unsigned(source)).split(b'\n', 2)[:2], 1):
        match = COOKIE.match(line)
        if match is not None:
            return number, match
        if not re.match(br'[ \t\f]*(#|$)', line):
            break
    return None, None


def utf8_lines(source):
    """The lines as CPython's tokenizer has them: in UTF-8, without signature and line ends."""
    if cookie(source)[1] is not None:
        source = decoded(source, source).encode('utf-8', 'replace')
    return newlines(unsigned(source)).split(b'\n')


def decoded(text, source):
    """`text`, which is of `source`, as characters."""
    if not isinstance(text, bytes):
        return text
    match = cookie(source)[1]
    try:
        return text.decode(match.group(1).decode('ascii') if match else 'utf-8', 'replace')
    except (LookupError, ValueError, TypeError):  # an encoding that is none
        return text.decode('utf-8', 'replace')


def unsigned(source):
    return source[len(SIGNATURE):] if source.startswith(SIGNATURE) else source


def newlines(source):
    return source.replace(b'\r\n', b'\n').replace(b'\r', b'\n')


def characters(utf8, count):
    """How many code points the first `count` bytes are."""
    return length(utf8[:max(0, count)].decode('utf-8', 'replace'))


def length(text):
    """In code points, which `len` does not count where 2.7 keeps UTF-16."""
    return len(text.encode('utf-32-le', 'replace')) // 4


def position(line, column):
    return {'line': line, 'column': column}


def peak_memory():
    """Of this process, in bytes; 0 where the system does not tell, and sets no limit."""
    if resource is None:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == 'darwin' else 1024)


def limit(kind, size):
    """Sets a limit as far as the system allows it."""
    try:
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (size if hard == resource.RLIM_INFINITY else min(size, hard), hard))
    except (ValueError, OSError):  # macOS knows RLIMIT_AS and refuses to set it
        pass


def serve(answer):
    """Answers until stdin ends, which it does when whoever asks has died."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever asks; here it would look like an error of the source
    if resource is not None:
        limit(resource.RLIMIT_AS, MEMORY_LIMIT)
        limit(resource.RLIMIT_CORE, 0)
    if os.name == 'nt':
        import msvcrt
        for stream in (0, 1):
            msvcrt.setmode(stream, os.O_BINARY)
    requests, answers = os.fdopen(os.dup(0), 'rb'), os.fdopen(os.dup(1), 'wb')
    os.dup2(2, 1)  # whatever else is written must not look like an answer
    while True:
        source, more = request(requests)
        other = request(requests)[0] if more else None
        if source is None or more and other is None:
            return
        reply = compare(source, other) if more else answer(source, peak_memory)
        answers.write(reply.encode('ascii') + b'\n')
        answers.flush()


def request(stream):
    """A source, and whether another one follows it; None where the stream ends before."""
    header = stream.read(8)
    if len(header) < 8:
        return None, False
    size = struct.unpack('>Q', header)[0]
    source = stream.read(size & MOST)
    return (None if len(source) < size & MOST else source), size > MOST


if __name__ == '__main__':
    serve(check)
