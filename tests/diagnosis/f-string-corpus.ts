/**
 * F-strings that CPython 3.12 compiles, with what keeps 3.11 from it; null where nothing does. One test derives from
 * CPython itself which of them 3.11 rejects.
 */
export const fStrings: readonly (readonly [source: string, feature: string | null])[] = [
  [`f'{a}'`, null],
  [`f'{{}} {a!r:>{width}} {a:%H:%M}'`, null],
  [`f"{a['x']} {a["x"]}"`, 'f-string-quote-reuse'],
  [`f'{a['x']}'`, 'f-string-quote-reuse'],
  [`f'{a:{'b'}}'`, 'f-string-quote-reuse'],
  [`f"{f"{f"{1}"}"}"`, 'f-string-quote-reuse'],
  [`f'''{a['''x''']}'''`, 'f-string-quote-reuse'],
  [`f"""{a["x"]}"""`, null],
  [`f'{a["x"]}'`, null],
  [`f'{'\\n'.join(a)}'`, 'f-string-quote-reuse'],
  [`f'{"\\n".join(a)}'`, 'f-string-backslash'],
  [`rf'{"\\n".join(a)}'`, 'f-string-backslash'],
  [`f'\\n{a:\\n}'`, null],
  [`f'\\N{EM DASH} {a}'`, null],
  [`rf'\\d{a}'`, null],
  [`f'one {\n    a\n} two'`, 'f-string-multiline-field'],
  [`f'{\n\n  a}'`, 'f-string-multiline-field'],
  [`f'{\na}'`, 'f-string-multiline-field'],
  [`f"{a:{\n  width\n}}"`, 'f-string-multiline-field'],
  [`rF"{\n a!r}"`, 'f-string-multiline-field'],
  [`f'{a(\n  1,\n  "two",\n)} end'`, 'f-string-multiline-field'],
  [`f'''{\n  a\n}'''`, null],
  [`f'''{\n  a # a comment\n}'''`, 'f-string-comment'],
  [`f'''{\n  # it's a comment\n  a\n}'''`, 'f-string-comment'],
  [`f'{"#"}'`, null],
  [`f'{a # a comment\n}'`, 'f-string-multiline-field'],
  [`f'{a:{b:{width}}}'`, 'f-string-nesting'],
  [`f'''{f'{\na}'}'''`, 'f-string-multiline-field'],
  [`f'é𐀀 {"é𐀀"} {a['é']}'`, 'f-string-quote-reuse'],
]

/** A module in which the f-strings stand in all kinds of statements, with as many quiet ones between them. */
export function moduleOf(strings: readonly string[]): string {
  const places: readonly ((string: string, index: number) => string)[] = [
    (string, index) => `x${index} = ${string}\n`,
    (string, index) => `def f${index}(a, width, b):\n    return (${string}), f'{a}'\n`,
    string => `print('before', ${string}, 'after', sep='')\n`,
    string => `if ${string}:\n    pass\nelse:\n    pass\n`,
    (string, index) => `y${index} = (\n    'plain '\n    ${string} ' more')\n`,
    string => `assert True, ${string}  # why\n`,
    (string, index) => `class C${index}:\n    z = {'key': ${string}, **{}}\n`,
    string => `with open(${string}) as f, open(a): f.read(); f.close()\n`,
  ]
  return strings.map((string, index) => places[index % places.length]!(string, index)).join("w = f'{a}'\n")
}
