import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
import { embeddedInterpreters } from '../../src/interpreters/embedded.ts'
import { bytecodeExaminer } from '../../src/interpreters/examine-bytecode.ts'
import { nativePython, needsNative } from '../support/native.ts'
import { testNeeding } from '../support/needs.ts'
import { temporaryFolder } from '../support/temporary.ts'

const source = `def f(x: int = 1):
    """Says."""
    assert x in {1, 2}
    return [f"{x}" for x in (1.5, -0.0, 1e999 - 1e999)]
`
const other = source.replace('1.5', '2.5')

/** A `.pyc` of a real CPython, with a hash or with a time. */
async function pycOf(minor: string, text: string, { hash = false, optimize = 0 } = {}): Promise<Buffer> {
  await using folder = await temporaryFolder()
  const mode = hash ? 'UNCHECKED_HASH' : 'TIMESTAMP'
  const script = `import py_compile, sys; open('a.py', 'w').write(sys.argv[1])
mode = py_compile.PycInvalidationMode.${mode}
print(open(py_compile.compile('a.py', invalidation_mode=mode, optimize=${optimize}), 'rb').read().hex())`
  const { stdout } = await execa(nativePython(minor)!.executable!, ['-I', '-c', script, text], { cwd: folder.path })
  return Buffer.from(stdout, 'hex')
}

describe('what a .pyc was made of', () => {
  for (const minor of ['3.7', '3.8', '3.9', '3.10', '3.11', '3.12', '3.13']) {
    testNeeding(needsNative(minor))(`asked of CPython ${minor}`, async () => {
      await using examiner = bytecodeExaminer(nativePython(minor)!)
      const ask = (pyc: Uint8Array, text: string, optimize = 0) =>
        examiner.ask({ pyc, source: Buffer.from(text), optimize })
      const [plain, hashed] = [await pycOf(minor, source), await pycOf(minor, source, { hash: true })]
      expect([await ask(plain, source), await ask(plain, other)]).toEqual(['same', 'different'])
      expect([await ask(hashed, source), await ask(hashed, `${source}#`)]).toEqual(['same', 'different'])
      const optimised = await pycOf(minor, source, { optimize: 2 })
      expect([await ask(optimised, source, 2), await ask(optimised, source)]).toEqual(['same', 'different'])
      expect(await ask(plain, 'x = (')).toBe('rejected')
      expect(await ask(Buffer.concat([Buffer.from('0000'), plain.subarray(4)]), source)).toBe('foreign')
      expect(await ask(plain.subarray(0, 40), source)).toBe('unreadable')
      expect(await ask(Buffer.concat([plain.subarray(0, 16), Buffer.alloc(5_000, '(')]), source)).toBe('unreadable')
      expect(await ask(plain, source)).toBe('same')
    })
  }

  testNeeding(needsNative('3.12'))('asked of an embedded CPython', async () => {
    await using examiner = bytecodeExaminer(embeddedInterpreters().find(({ version }) => version.startsWith('3.12'))!)
    const [plain, hashed] = [await pycOf('3.12', source), await pycOf('3.12', source, { hash: true })]
    const ask = (pyc: Uint8Array, text: string) => examiner.ask({ pyc, source: Buffer.from(text), optimize: 0 })
    expect([await ask(plain, source), await ask(plain, other)]).toEqual(['same', 'different'])
    expect([await ask(hashed, source), await ask(hashed, other)]).toEqual(['same', 'different'])
  })

  test('a CPython that cannot be started tells nothing', async () => {
    const none = { id: 'none', version: '3.11.0', provider: 'native', build: '', executable: '/none/python' } as const
    await using examiner = bytecodeExaminer(none)
    expect(await examiner.ask({ pyc: Buffer.alloc(16), source: Buffer.alloc(0), optimize: 0 })).toBe('unreadable')
  })
})
