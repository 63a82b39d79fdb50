import { capitalized } from '../model/capitalized.ts'

/** What a construct looks like, and how the same is written for Pythons that do not take it. */
export interface FeatureGuide {
  /** A whole source that the interpreters take which the table of constructs says take it, and no others. */
  readonly example: string
  /** The same for every Python 3. */
  readonly instead: string
  /** How to get from the one to the other, for a person. */
  readonly advice: string
}

const double = 'use the other quotes inside the field'
const named = 'give the value a name on the line before'

/** By the id of the feature; one for each. */
export const featureGuides: Readonly<Record<string, FeatureGuide>> = {
  'f-string-multiline-field': {
    example: 'text = f"{\n    total\n}"',
    instead: 'text = f"{total}"',
    advice: `Write the field on one line, or ${named}. In a triple-quoted f-string a field may be broken over lines on every Python.`,
  },
  'f-string-quote-reuse': {
    example: "text = f'{row['id']}'",
    instead: 'text = f\'{row["id"]}\'',
    advice: `${capitalized(double)}; where both kinds are taken, ${named}.`,
  },
  'f-string-backslash': {
    example: 'text = f"{\'\\n\'.join(rows)}"',
    instead: 'lines = \'\\n\'.join(rows)\ntext = f"{lines}"',
    advice: `${capitalized(named)}. Outside of the braces a backslash may stand on every Python.`,
  },
  'f-string-comment': {
    example: 'text = f"""{\n    total  # in cents\n}"""',
    instead: '# in cents\ntext = f"""{\n    total\n}"""',
    advice: 'Put the comment on the line before.',
  },
  'f-string-nesting': {
    example: "text = f'{value:{width:{digits}}}'",
    instead: "inner = f'{width:{digits}}'\ntext = f'{value:{inner}}'",
    advice: `${capitalized(named)}.`,
  },
  'f-string-space-behind-conversion': {
    example: "text = f'{name!r }'",
    instead: "text = f'{name!r}'",
    advice: 'Leave the white space out.',
  },
  'f-string-debug': {
    example: "text = f'{total=}'",
    instead: "text = f'total={total!r}'",
    advice: 'Write the name out, and !r behind the value.',
  },
  'f-string': {
    example: "text = f'{total} EUR'",
    instead: "text = '{} EUR'.format(total)",
    advice: 'Call format.',
  },
  't-string': {
    example: "page = t'<p>{text}</p>'",
    instead: "page = ('<p>', text, '</p>')",
    advice: 'There is no other way to write a template: hand its parts over as what they are.',
  },
  'future-annotations': {
    example: 'from __future__ import annotations\ndef first(rows: list[int]) -> int:\n    return rows[0]',
    instead: "def first(rows: 'list[int]') -> int:\n    return rows[0]",
    advice: 'Leave the import out, and put those annotations in quotes that this Python cannot compute.',
  },
  'lazy-import': {
    example: 'lazy import json',
    instead: 'import json',
    advice: 'Leave lazy out, or import where the module is used.',
  },
  'unpacking-in-comprehension': {
    example: 'flat = [*row for row in rows]',
    instead: 'flat = [each for row in rows for each in row]',
    advice: 'Write a second for.',
  },
  'bare-assignment-expression': {
    example: 'first = rows[at := 0]',
    instead: 'first = rows[(at := 0)]',
    advice: 'Put the assignment in parentheses. (Before 3.8 there is none: assign on the line before.)',
  },
  'assignment-expression': {
    example: 'if (size := len(rows)) > 9:\n    print(size)',
    instead: 'size = len(rows)\nif size > 9:\n    print(size)',
    advice: 'Assign on the line before.',
  },
  'positional-only-parameters': {
    example: 'def half(number, /):\n    return number / 2',
    instead: 'def half(number):\n    return number / 2',
    advice: 'Leave the / out, if no caller passes such a parameter by name.',
  },
  'type-parameter-default': {
    example: 'class Box[T = int]:\n    pass',
    instead: "from typing import Generic, TypeVar\nT = TypeVar('T')\nclass Box(Generic[T]):\n    pass",
    advice: 'Declare the type variable before. Its default needs typing_extensions, or Python 3.13.',
  },
  'type-parameters': {
    example: 'def first[T](rows: list[T]) -> T:\n    return rows[0]',
    instead: "from typing import List, TypeVar\nT = TypeVar('T')\ndef first(rows: List[T]) -> T:\n    return rows[0]",
    advice: 'Declare the type variable before; a class derives from Generic[T].',
  },
  'type-statement': {
    example: 'type Rows = list[int]',
    instead: 'from typing import List\nRows = List[int]',
    advice: 'Assign the type to its name.',
  },
  'match-statement': {
    example: "match command:\n    case 'go':\n        start()",
    instead: "if command == 'go':\n    start()",
    advice: 'Write if and elif.',
  },
  'except-star': {
    example: 'try:\n    start()\nexcept* OSError:\n    pass',
    instead: 'try:\n    start()\nexcept OSError:\n    pass',
    advice:
      'Before 3.11 there are no exception groups: catch the exceptions themselves, or use the package exceptiongroup.',
  },
  'except-without-parentheses': {
    example: 'try:\n    start()\nexcept OSError, ValueError:\n    pass',
    instead: 'try:\n    start()\nexcept (OSError, ValueError):\n    pass',
    advice:
      'Put the types in parentheses. In Python 2 what stands behind the comma is a name for the exception: write as.',
  },
  'parenthesized-context-managers': {
    example: 'with (open(a) as x, open(b) as y):\n    pass',
    instead: 'with open(a) as x, open(b) as y:\n    pass',
    advice: 'Leave the parentheses out; break the line with a backslash, or nest the statements.',
  },
  'relaxed-decorator': {
    example: "@routes['home'].get\ndef home():\n    pass",
    instead: "get_home = routes['home'].get\n@get_home\ndef home():\n    pass",
    advice: 'Give the decorator a name on the line before.',
  },
  'unpacking-in-return': {
    example: 'def rows():\n    return 1, *rest',
    instead: 'def rows():\n    return (1, *rest)',
    advice: 'Put the tuple in parentheses.',
  },
  'unpacking-in-index': {
    example: 'cell = table[*place]',
    instead: 'cell = table[(*place,)]',
    advice: 'Put the tuple in parentheses.',
  },
  'unpacked-annotation': {
    example: 'def call(*args: *Types):\n    pass',
    instead: 'def call(*args):\n    pass',
    advice: 'Leave the annotation out, or write Unpack[Types] of typing_extensions.',
  },
  'unpacking-in-for': {
    example: 'for row in *first, *rest:\n    pass',
    instead: 'for row in (*first, *rest):\n    pass',
    advice: 'Put the tuple in parentheses.',
  },
  'tuple-in-annotated-assignment': {
    example: 'pair: tuple = left, right',
    instead: 'pair: tuple = (left, right)',
    advice: 'Put the tuple in parentheses.',
  },
  'continue-in-finally': {
    example: 'for row in rows:\n    try:\n        start(row)\n    finally:\n        continue',
    instead: 'for row in rows:\n    try:\n        start(row)\n    except BaseException:\n        pass',
    advice: 'Let the try end, and go on behind it; an exception that continue drops is caught by except.',
  },
  'async-as-name': {
    example: 'async = True',
    instead: 'async_ = True',
    advice: 'Give it another name; a parameter of that name is passed by **.',
  },
  'print-statement': { example: 'print total', instead: 'print(total)', advice: 'Call print.' },
  'exec-statement': { example: "exec 'start()'", instead: "exec('start()')", advice: 'Call exec.' },
  backticks: { example: 'text = `total`', instead: 'text = repr(total)', advice: 'Call repr.' },
  'octal-literal': { example: 'mode = 0644', instead: 'mode = 0o644', advice: 'Write 0o before the digits.' },
  'long-literal': { example: 'total = 10L', instead: 'total = 10', advice: 'Leave the L out.' },
  'ur-string': {
    example: "path = ur'a\\b'",
    instead: "path = r'a\\b'",
    advice: 'Leave the u out. (Python 2 reads \\u in such a string: where there is one, leave the r out instead.)',
  },
  'unequal-by-brackets': { example: 'changed = a <> b', instead: 'changed = a != b', advice: 'Write != for <>.' },
  'raise-with-comma': {
    example: "raise ValueError, 'too long'",
    instead: "raise ValueError('too long')",
    advice: 'Call the exception.',
  },
  'tuple-parameter': {
    example: 'def draw((x, y)):\n    pass',
    instead: 'def draw(point):\n    x, y = point',
    advice: 'Take the tuple apart in the body.',
  },
  'mixed-tabs': {
    example: 'if total:\n        total = 1\n\ttotal = 2',
    instead: 'if total:\n    total = 1\n    total = 2',
    advice: 'Indent with spaces alone, as editors can do for a whole file.',
  },
}
