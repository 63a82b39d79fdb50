import { execa } from 'execa'
import { expect, test } from 'vitest'
import { findInterpreters } from '../../src/interpreters/find-interpreters.ts'
import { nativeInterpreter, type PythonIdentity, parseIdentity } from '../../src/interpreters/python-identity.ts'
import { testNeeding } from '../support/needs.ts'

const natives = await findInterpreters({ environment: process.env, allow: 'native' })

testNeeding({ name: 'a CPython', present: natives.length > 0 })(
  'a build says what the CPython itself says',
  async () => {
    for (const { executable, version, build } of natives) {
      const says = async (expression: string) => {
        const program = `import sys, platform, sysconfig, binascii; sys.stdout.write(str(${expression}))`
        return (await execa(executable!, ['-c', program])).stdout
      }
      const magic =
        version.startsWith('2.7.') || version.startsWith('3.6.')
          ? "binascii.hexlify(__import__('imp').get_magic()).decode()"
          : "__import__('importlib.util').util.MAGIC_NUMBER.hex()"
      const facts = [
        `cpython ${await says('platform.python_version()')}`,
        `magic ${await says(magic)}`,
        await says('sysconfig.get_platform()'),
        await says("platform.architecture()[0].replace('bit', '-bit')"),
        await says("' '.join(sys.version.split()[1:])"),
        ...(version.startsWith('2.7.') ? [] : [await says('sys.implementation.cache_tag')]),
      ]
      for (const fact of facts) expect(`, ${build}, `).toContain(`, ${fact}, `)
    }
    expect(new Set(natives.map(({ build }) => build)).size).toBe(natives.length)
  },
)

const identity: PythonIdentity = {
  implementation: 'cpython',
  version: '3.13.0',
  cacheTag: 'cpython-313',
  magic: 'f30d0d0a',
  platform: 'linux-x86_64',
  libc: 'glibc 2.36',
  traits: ['64-bit'],
  compiled: '(main, Jan 1 2026, 00:00:00) [GCC 12.2.0]',
}

test('everything that is said of a build is in its name, and any of it tells two apart', () => {
  const build = (differing: Partial<PythonIdentity>) => nativeInterpreter({ ...identity, ...differing }, '/x').build
  expect(build({})).toBe(
    'cpython 3.13.0, cpython-313, magic f30d0d0a, linux-x86_64, glibc 2.36, 64-bit, (main, Jan 1 2026, 00:00:00) [GCC 12.2.0]',
  )
  const others: readonly Partial<PythonIdentity>[] = [
    { version: '3.13.1' },
    { cacheTag: '' },
    { magic: 'f40d0d0a' },
    { platform: 'linux-aarch64' },
    { libc: 'x86_64-linux-musl' },
    { traits: ['32-bit'] },
    { traits: ['64-bit', 'free-threaded', 'abi t'] },
    { traits: ['64-bit', 'debug', 'abi d'] },
    { compiled: '(main, Jan 1 2026, 00:00:01) [GCC 12.2.0]' },
  ]
  expect(new Set([build({}), ...others.map(build)]).size).toBe(others.length + 1)
})

test.each([
  ['an identity', identity, true],
  ['one of 2.7', { ...identity, version: '2.7.18', cacheTag: '' }, true],
  ['one of an alpha', { ...identity, version: '3.15.0a2' }, true],
  ['one of PyPy', { ...identity, implementation: 'pypy' }, true],
  ['nothing', null, false],
  ['a list', [identity], false],
  ['a version that is none', { ...identity, version: '3.13' }, false],
  ['a line break', { ...identity, compiled: 'a\nb' }, false],
  ['a control character', { ...identity, compiled: '\u001b[31m' }, false],
  ['a trait that is no text', { ...identity, traits: [64] }, false],
  ['too many traits', { ...identity, traits: Array(9).fill('x') }, false],
  ['something missing', { ...identity, magic: undefined }, false],
  ['something of another type', { ...identity, platform: ['linux'] }, false],
])('%s', (_name, value, isOne) => {
  expect(parseIdentity(value)).toEqual(isOne ? value : null)
})
