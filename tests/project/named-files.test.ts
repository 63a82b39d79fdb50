import { expect, test } from 'vitest'
import type { Path } from '../../src/model/path.ts'
import { namedFiles } from '../../src/project/named-files.ts'

test.each<[string, readonly string[], readonly string[], readonly string[]]>([
  ['a script', ['/entrypoint.sh'], ['serve'], ['entrypoint.sh']],
  ['one below the working directory', ['./start.sh'], [], ['srv/start.sh']],
  ['one for a shell', ['sh', 'start.sh'], [], ['srv/start.sh']],
  [
    'those of a command for a shell',
    [],
    ['/bin/sh', '-c', 'set -e; "bin/a" && exec ../opt/b'],
    ['bin/sh', 'srv/bin/a', 'opt/b'],
  ],
  ['none', ['python3'], ['-m', 'app'], []],
])('%s', (_name, entrypoint, command, expected) => {
  const found = namedFiles({ entrypoint, command, workingDirectory: 'srv' as Path })
  expect([...found]).toEqual(expected)
})
