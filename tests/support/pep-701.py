"""Where a CPython before 3.12 stops in the f-strings of a source, found with the tokenizer of one from 3.12 on.

Shares nothing with firstbreak: no grammar of tree-sitter, and no interpreter that stops. `places` is given a source that the
running CPython compiles. As a program it is given a JSON list of sources on stdin, and answers with a list of `places`.
"""

import io
import json
import sys
import tokenize

STARTS = {getattr(tokenize, name) for name in ('FSTRING_START', 'TSTRING_START') if hasattr(tokenize, name)}
ENDS = {getattr(tokenize, name) for name in ('FSTRING_END', 'TSTRING_END') if hasattr(tokenize, name)}
TEMPLATE = getattr(tokenize, 'TSTRING_START', None)


class String:
    def __init__(self, token, offset):
        self.is_template = token.type == TEMPLATE
        self.quotes = token.string.lstrip('rRfFtT')
        self.start, self.line = offset, token.start[0]
        self.content = offset + len(token.string)
        self.end = None  # of what stands between the quotes
        self.fields = []


class Field:
    def __init__(self, start):
        self.start, self.end = start, None
        self.brackets = 0
        self.format = None  # where it begins
        self.fields = []  # of the format
        self.strings = []  # in the expression
        self.comments = []


def places(source):
    """Each f-string in no other that is rejected: its logical line (first and last line), and what is wrong, what stops first first."""
    strings, logical_lines = read(source)
    found = []
    for string in strings:
        kinds = list(dict.fromkeys(wrong(string, source)))
        if kinds:
            first, last = next(lines for lines in logical_lines if lines[0] <= string.line <= lines[1])
            found.append({'first': first, 'last': last, 'kinds': kinds})
    return found


def read(source):
    starts = [0]
    for line in source.splitlines(True):
        starts.append(starts[-1] + len(line))

    def offset(place):
        return starts[place[0] - 1] + place[1]

    outermost, open_ones, logical_lines, first = [], [], [], None
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        top = open_ones[-1] if open_ones else None
        if first is None and token.type not in (tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT):
            first = token.start[0]
        if token.type == tokenize.NEWLINE:
            logical_lines.append((first, token.start[0]))
            first = None
        elif token.type in STARTS:
            string = String(token, offset(token.start))
            (outermost if top is None else top.strings).append(string)
            open_ones.append(string)
        elif token.type in ENDS:
            open_ones.pop().end = offset(token.start)
        elif token.type == tokenize.COMMENT and top is not None:
            top.comments.append(offset(token.start))
        elif token.type == tokenize.OP and top is not None:
            operator(token.string, offset(token.start), open_ones)
    return outermost, logical_lines


def operator(text, offset, open_ones):
    top = open_ones[-1]
    if text == '{' and (isinstance(top, String) or top.format is not None):
        field = Field(offset)
        top.fields.append(field)
        open_ones.append(field)
    elif text == '}' and top.brackets == 0:
        open_ones.pop().end = offset
    elif text == ':' and top.brackets == 0:
        top.format = offset
    elif top.format is None:
        top.brackets += (text in '([{') - (text in ')]}')


def wrong(string, source):
    if string.is_template:
        yield 't-string'
        return
    yield from early_end(string, source)
    for field in string.fields:
        yield from forbidden(field, source)
    for field in string.fields:
        if depth(field) > 2:
            yield 'f-string-nesting'
    for field in string.fields:
        for inner in strings_in(field):
            yield from wrong(inner, source)


def early_end(string, source):
    """The tokenizer took the whole for one string, without looking for fields."""
    at = string.content
    while at < string.end:
        if source[at] == '\\':
            at += 1
        elif source.startswith(string.quotes, at):
            yield 'f-string-quote-reuse'
            return
        elif source[at] == '\n' and len(string.quotes) == 1:
            yield 'f-string-multiline-field'
            return
        at += 1


def forbidden(field, source):
    """The expression of a field could hold no backslash at all, and no comment; of its format, only the fields are expressions."""
    end = field.end if field.format is None else field.format
    marks = [(at, 'f-string-comment') for at in field.comments if at < end]
    backslash = source.find('\\', field.start, marks[0][0] if marks else end)
    if backslash >= 0:
        marks.insert(0, (backslash, 'f-string-backslash'))
    yield from (kind for _, kind in marks)
    for inner in field.fields:
        yield from forbidden(inner, source)


def depth(field):
    return 1 + max(map(depth, field.fields), default=0)


def strings_in(field):
    yield from field.strings
    for inner in field.fields:
        yield from strings_in(inner)


if sys.argv[1:] == ['stdin']:
    print(json.dumps([places(source) for source in json.load(sys.stdin)]))
