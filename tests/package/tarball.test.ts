import { existsSync } from 'node:fs'
import { readFile, symlink, writeFile } from 'node:fs/promises'
import * as nodeModule from 'node:module'
import { join } from 'node:path'
import { execa } from 'execa'
import { publint } from 'publint'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { copyCheckout } from '../support/checkout.ts'
import { registry, testNeeding } from '../support/needs.ts'
import { makeRepository } from '../support/repository.ts'
import { temporaryFolder } from '../support/temporary.ts'

const root = join(import.meta.dirname, '../..')

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let packed: {
  readonly filename: string
  readonly version: string
  readonly files: readonly { readonly path: string }[]
}

/** In a copy, so that nobody's dist is taken away and none of an earlier build is packed. */
beforeAll(async () => {
  folder = await temporaryFolder()
  const checkout = join(folder.path, 'checkout')
  await copyCheckout(checkout)
  await symlink(join(root, 'node_modules'), join(checkout, 'node_modules'), 'junction')
  await execa('npm', ['run', 'build'], { cwd: checkout })
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder.path]
  const { stdout } = await execa('npm', args, { cwd: checkout })
  packed = JSON.parse(stdout)[0]
})

afterAll(() => folder[Symbol.asyncDispose]())

test('holds what was built, its licence and its readme, and nothing else', () => {
  const paths = packed.files.map(file => file.path)
  const others = paths.filter(path => !/^dist\/.+\.(js|d\.ts|json|py|wasm)$|^docs\/findings\/.+\.md$/.test(path))
  expect(others.sort()).toEqual(['LICENSE', 'README.md', 'dist/cli/LICENSES.txt', 'package.json'])
  expect(paths).toEqual(
    expect.arrayContaining([
      'dist/cli/bin.js',
      'dist/index.d.ts',
      'dist/index.js',
      'dist/diagnosis/tree-sitter-python.wasm',
      'dist/interpreters/bytecode.py',
      'dist/interpreters/check.py',
      'dist/interpreters/embedded-worker.js',
      'dist/report/report.schema.json',
      'dist/report/trace.schema.json',
      'docs/findings/version-skew.md',
    ]),
  )
})

test('what was built finds the pages that are packed beside it', async () => {
  const bin = join(folder.path, 'checkout/dist/cli/bin.js')
  const { stdout } = await execa('node', [bin, 'explain', 'version-skew'], { cwd: folder.path })
  expect(stdout).toMatch(/^version-skew\n\nThe same bytes everywhere/)
})

test('what Node compiles of it is kept where it can be, and cleared with the cache', async () => {
  const cache = join(folder.path, 'kept')
  const run = (...args: string[]) => {
    const bin = join(folder.path, 'checkout/dist/cli/bin.js')
    return execa('node', [bin, ...args], { cwd: folder.path, env: { FIRSTBREAK_CACHE_DIR: cache } })
  }
  await run('verify', '--no-cache', '--help')
  expect(existsSync(cache)).toBe(false)
  await run('--version')
  expect(existsSync(join(cache, 'compiled'))).toBe('enableCompileCache' in nodeModule)
  await run('cache', 'clear')
  expect(existsSync(join(cache, 'compiled'))).toBe(false)
})

test('publint has nothing to say', async () => {
  const { buffer: tarball } = new Uint8Array(await readFile(join(folder.path, packed.filename)))
  const { messages } = await publint({ pack: { tarball }, strict: true })
  expect(messages).toEqual([])
})

testNeeding(registry)('installed in an empty folder, it runs, is imported and is typed', async () => {
  await using home = await temporaryFolder()
  const run = (command: string, ...args: string[]) => execa(command, args, { cwd: home.path, reject: false })
  const tarball = join(folder.path, packed.filename)
  const installed = await run('npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', tarball)
  expect(installed).toMatchObject({ exitCode: 0 })

  expect(await run('npx', '--no-install', 'firstbreak', '--version')).toMatchObject({ stdout: packed.version })

  const verify = async (name: string, source: string) => {
    const repository = join(home.path, name)
    await makeRepository(repository, { 'main.py': source, Dockerfile: 'FROM python:3.11\nCOPY . .\n' })
    return run('npx', '--no-install', 'firstbreak', 'verify', '--repo', repository, '--interpreters', 'embedded')
  }
  expect(await verify('sound', 'x = 1\n')).toMatchObject({ exitCode: 0 })
  const broken = await verify('broken', "x = f'{\n1}'\n")
  expect(broken).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('main.py') })

  const names = "console.log(Object.keys(await import('firstbreak')).includes('verify'))"
  expect(await run('node', '--input-type=module', '--eval', names)).toMatchObject({ stdout: 'true' })

  const consumer = [
    "import { type Plan, type Report, verify } from 'firstbreak'",
    'export const run = (plan: Plan): Promise<Report> => verify(plan)',
    '// @ts-expect-error A plan is needed.',
    'export const mistaken = () => verify()',
  ]
  await writeFile(join(home.path, 'consumer.mts'), consumer.join('\n'))
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const types = ['--types', 'node', '--typeRoots', join(root, 'node_modules/@types')]
  const options = ['--noEmit', '--strict', '--target', 'es2022', '--lib', 'esnext', '--module', 'nodenext', ...types]
  expect(await run('node', tsc, ...options, 'consumer.mts')).toMatchObject({ exitCode: 0, stdout: '' })
})
