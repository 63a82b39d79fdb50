import { readdirSync, readFileSync } from 'node:fs'

const folder = new URL('../../fixtures/f-strings/', import.meta.url)

const all = readdirSync(folder)
  .filter(name => name.endsWith('.py'))
  .sort()
  .map(name => [name.replace('.py', ''), readFileSync(new URL(name, folder), 'utf8').trimEnd()] as const)

/** Template strings, alone and beside f-strings, by name: expressions that CPython 3.14 compiles. */
export const templateStrings: ReadonlyMap<string, string> = new Map(all.filter(([name]) => name.startsWith('t-string')))

/** F-strings, by name: expressions that CPython 3.12 compiles, and some of which no CPython before does. */
export const fStrings: ReadonlyMap<string, string> = new Map(all.filter(([name]) => !templateStrings.has(name)))

/** A module in which the f-strings stand in all kinds of statements, with as many quiet ones between them. */
export function moduleOf(strings: Iterable<string>): string {
  const places: readonly ((string: string, index: number) => string)[] = [
    (string, index) => `x${index} = ${string}\n`,
    (string, index) => `def f${index}(a, width, b):\n    return (${string}), f'{a}'\n`,
    string => `print('before', ${string}, 'after', sep='')\n`,
    string => `if ${string}:\n    pass\nelse:\n    pass\n`,
    (string, index) =>
      `y${index} = (\n    'plain '${isString(string) ? '' : ','}\n    ${string}${isString(string) ? '' : ','} ' more')\n`,
    string => `assert True, ${string}  # why\n`,
    (string, index) => `class C${index}:\n    z = {'key': ${string}, **{}}\n`,
    string => `with open(${string}) as f, open(a): f.read(); f.close()\n`,
  ]
  return Array.from(strings, (string, index) => places[index % places.length]!(string, index)).join("w = f'{a}'\n")
}

/** Other expressions cannot stand beside a string. */
function isString(expression: string): boolean {
  return /^[fr]/i.test(expression)
}
