import { createHash } from 'node:crypto'
import { chmod, link, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { execa } from 'execa'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { tgzOf, zipOf } from '../support/archives.ts'
import { firstbreak } from '../support/command-line.ts'
import { type TarRecord, tarOf } from '../support/images.ts'
import { type Need, testNeeding } from '../support/needs.ts'
import { type Files, git, makeRepository, writeFiles } from '../support/repository.ts'
import { temporaryFolder } from '../support/temporary.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(() => folder[Symbol.asyncDispose]())

const at = (name: string) => join(folder.path, name)
const here = (...args: string[]) => git(at('repository'), ...args)
const commit = (files: Files) => makeRepository(at('repository'), files)
const change = (files: Files) => writeFiles(at('repository'), files)
/** What is on disk is what git writes there now. */
const checkOutAnew = async (...args: string[]) => {
  await here('ls-files', '-z').then(names =>
    Promise.all(names.split('\0').map(name => name !== '' && rm(join(at('repository'), name), { recursive: true }))),
  )
  await here(...args, 'checkout', '--', '.')
}

interface Reported {
  readonly findings: readonly {
    readonly code: string
    readonly severity: string
    readonly path: string
    readonly evidence: Readonly<Record<string, unknown>> & {
      readonly change?: string
      readonly changeDetail?: { readonly says: string }
      readonly after?: { readonly stage: string }
      readonly effect?: string
    }
  }[]
  readonly hypotheses: readonly { readonly id: string; readonly state: string; readonly evidence: string }[]
  readonly remarks: readonly string[]
}

const versions = ['--deploy-python', '3.12', '--dev-python', '3.12']

async function report(...args: string[]): Promise<Reported> {
  const { out, err } = await firstbreak(at('repository'), [...versions, ...args, '--format', 'json'])
  if (out === '') throw new Error(err)
  return JSON.parse(out)
}

/** The report for a person, as one line, so that it does not matter where its lines are broken. */
async function text(...args: string[]): Promise<string> {
  const { out, err } = await firstbreak(at('repository'), [...versions, ...args])
  return (out + err).replaceAll(/\s+/g, ' ')
}

/** Each finding as a line: `warning uncommitted-change a.py at worktree: line-endings, 1 LF became CRLF`. */
async function told(...args: string[]): Promise<string[]> {
  return (await report(...args)).findings.map(({ severity, code, path, evidence }) => {
    const { change, changeDetail, after, effect } = evidence
    const what = [change, changeDetail?.says].filter(part => part !== undefined).join(', ')
    const place = after === undefined ? '' : ` at ${after.stage}`
    return `${severity} ${code} ${path}${place}${what === '' ? '' : `: ${what}`}${effect === 'none' || effect === undefined ? '' : `, ${effect}`}`
  })
}

const checkoutRemark = (remarks: readonly string[]) => remarks.filter(each => each.includes('as git checks them out'))

async function upload(bytes: Buffer): Promise<string[]> {
  await writeFile(at('upload'), bytes)
  return ['--upload', at('upload')]
}

/** What `git archive` makes, as a forge does. */
async function gitArchive(...args: string[]): Promise<string[]> {
  const { stdout } = await execa('git', ['archive', ...args, 'HEAD'], { cwd: at('repository'), encoding: 'buffer' })
  return upload(gzipSync(stdout))
}

describe('line ends', () => {
  test('eol=crlf: what git itself writes is called so once, and breaks nothing', async () => {
    await commit({ '.gitattributes': '*.py text eol=crlf\n', 'a.py': 'a = 1\n', 'b.py': 'b = 1\nc = 2\n' })
    await checkOutAnew()
    expect(await readFile(at('repository/a.py'), 'utf8')).toBe('a = 1\r\n')
    const { findings, remarks, hypotheses } = await report()
    expect(findings).toEqual([])
    expect(checkoutRemark(remarks)).toEqual([
      '2 files stand on disk as git checks them out (line endings: eol=crlf), not byte for byte as committed',
    ])
    expect(hypotheses.find(({ id }) => id === 'uncommitted-source')).toMatchObject({
      state: 'refuted',
      evidence: '2 files of 2 in the working tree as committed, 2 of them in the form that git gives them on checkout',
    })
  })

  test('core.autocrlf=true, on many files, is said once', async () => {
    await commit(Object.fromEntries(Array.from({ length: 1500 }, (_, i) => [`d${i % 7}/f${i}.py`, `x = ${i}\n`])))
    await here('config', 'core.autocrlf', 'true')
    await checkOutAnew('-c', 'core.autocrlf=true')
    const out = await text()
    expect(out).toContain(
      '1,500 files stand on disk as git checks them out (line endings: core.autocrlf=true), not byte for byte',
    )
    expect(out).not.toContain('uncommitted-change')
    expect(out).not.toContain('What is uploaded is not what is committed')
    expect(out.length).toBeLessThan(2500)
  })

  test('autocrlf=true leaves a file that has CRLF already as it is, and so does firstbreak', async () => {
    await commit({ 'a.py': 'a = 1\r\nb = 2\n' })
    await here('config', 'core.autocrlf', 'true')
    await checkOutAnew('-c', 'core.autocrlf=true')
    expect(await told()).toEqual([])
    await change({ 'a.py': 'a = 1\r\nb = 2\r\n' })
    expect(await told()).toEqual(['warning uncommitted-change a.py at worktree: line-endings, 1 LF became CRLF'])
  })

  test('autocrlf=input: CRLF on disk that git would store as LF is no change to it', async () => {
    await commit({ 'a.py': 'a = 1\n' })
    await here('config', 'core.autocrlf', 'input')
    await change({ 'a.py': 'a = 1\r\n' })
    expect(await told()).toEqual([])
    const stored = await here('-c', 'core.autocrlf=input', 'hash-object', '--path=a.py', 'a.py')
    expect(stored).toBe(await here('rev-parse', 'HEAD:a.py'))
  })

  test.each([
    ['CRLF, with nothing that asks for it', 'a = 1\nb = 2\n', 'a = 1\r\nb = 2\r\n', '2 LF became CRLF'],
    ['LF in place of committed CRLF', 'a = 1\r\nb = 2\r\n', 'a = 1\nb = 2\n', '2 CRLF became LF'],
    ['mixed', 'a = 1\nb = 2\n', 'a = 1\r\nb = 2\n', '1 LF became CRLF, and its line ends are mixed now'],
    ['lone CRs', 'a = 1\nb = 2\n', 'a = 1\rb = 2\r', '2 LF became CR'],
  ])('%s', async (_name, before, after, says) => {
    await commit({ 'a.py': before })
    await change({ 'a.py': after })
    expect(await told()).toEqual([`warning uncommitted-change a.py at worktree: line-endings, ${says}`])
  })

  test('only the archive has CRLF', async () => {
    await commit({ 'a.py': 'a = 1\n' })
    const args = await upload(await tgzOf({ 'a.py': 'a = 1\r\n' }))
    expect(await told(...args)).toEqual(['warning altered-in-upload a.py at upload: line-endings, 1 LF became CRLF'])
    expect(await text(...args)).toContain('What is uploaded is not what is committed: 1 file.')
  })

  test('-text takes a file out of it', async () => {
    await commit({ '.gitattributes': '*.py -text\n', 'a.py': 'a = 1\n' })
    await here('config', 'core.autocrlf', 'true')
    await change({ 'a.py': 'a = 1\r\n' })
    expect(await told()).toEqual(['warning uncommitted-change a.py at worktree: line-endings, 1 LF became CRLF'])
  })
})

describe('attributes', () => {
  test('ident', async () => {
    await commit({ '.gitattributes': '*.py ident\n', 'a.py': '# $Id$\nx = 1\n' })
    await checkOutAnew()
    expect(await readFile(at('repository/a.py'), 'utf8')).toMatch(/^# \$Id: [0-9a-f]{40} \$\n/)
    const { findings, remarks } = await report()
    expect(findings).toEqual([])
    expect(checkoutRemark(remarks)).toHaveLength(1)
    expect(await told(...(await gitArchive()))).toEqual([])
    // Without the attribute it is a change like any other.
    await here('rm', '--quiet', '.gitattributes')
    expect(await told()).toEqual([
      'warning uncommitted-change a.py at worktree: ident, $Id$ was expanded in 1 place, to the blob id of the bytes before',
    ])
  })

  test('export-subst, in an archive of git archive', async () => {
    await commit({ '.gitattributes': 'v.py export-subst\n', 'v.py': 'v = "$Format:%H %ci$"\n' })
    expect(await told()).toEqual([])
    expect(await told(...(await gitArchive()))).toEqual([
      'warning altered-in-upload v.py at upload: export-subst, $Format:…$ was filled in at 1 place',
    ])
  })

  test('export-ignore, in an archive of git archive, with its line', async () => {
    await commit({
      '.gitattributes': '# what a release does not need\ntests export-ignore\n',
      'a.py': '',
      'tests/t.py': '',
    })
    const args = await gitArchive('--prefix=app-1/')
    const { findings } = await report(...args)
    expect(findings).toMatchObject([
      {
        code: 'missing-from-upload',
        path: 'tests/t.py',
        evidence: { rule: { file: '.gitattributes', line: 2, text: 'tests export-ignore' } },
      },
    ])
    expect(await text(...args)).toContain('the rule tests export-ignore (.gitattributes:2) keeps it out')
  })

  test('working-tree-encoding=UTF-16 breaks the file on disk, and is named', async () => {
    await commit({ 'a.py': 'x = "é"\n' })
    await change({ '.gitattributes': '*.py working-tree-encoding=UTF-16\n' })
    await here('add', '.gitattributes')
    await here('commit', '--quiet', '--message=encoding')
    await checkOutAnew()
    expect(await told()).toEqual([
      expect.stringMatching(
        /^error uncommitted-change a\.py at worktree: encoding, UTF-8 became UTF-16 \((?:little|big)-endian, with BOM\), as git does on checkout \(working-tree-encoding=UTF-16\), breaks$/,
      ),
    ])
  })

  test('working-tree-encoding=ISO-8859-1 with a coding cookie breaks nothing', async () => {
    await commit({ 'a.py': '# coding: latin-1\nx = "é"\n' })
    await change({ '.gitattributes': '*.py working-tree-encoding=ISO-8859-1\n' })
    await here('add', '.gitattributes')
    await here('commit', '--quiet', '--message=encoding')
    await checkOutAnew()
    expect(await readFile(at('repository/a.py'))).toEqual(Buffer.from('# coding: latin-1\nx = "é"\n', 'latin1'))
    const { findings, remarks } = await report()
    expect(findings).toEqual([])
    expect(checkoutRemark(remarks)[0]).toContain('working-tree-encoding=ISO-8859-1')
  })

  test('programs that a repository names for filters are never run', async () => {
    const trap = `touch ${at('trapped')}; cat`
    await commit({ '.gitattributes': '*.py filter=trap\n', 'a.py': 'x = 1\n' })
    for (const name of ['clean', 'smudge']) await here('config', `filter.trap.${name}`, trap)
    await here('config', 'core.fsmonitor', trap)
    await change({ 'a.py': 'x = 2\n', 'b.py': 'y = 1\n' })
    expect(await told()).toHaveLength(2)
    await expect(readFile(at('trapped'))).rejects.toThrow('ENOENT')
  })

  test('what git-crypt encrypts cannot be compared without its key', async () => {
    await commit({ 's.py': Buffer.concat([Buffer.from('\0GITCRYPT\0'), Buffer.alloc(30, 7)]) })
    await change({ 's.py': 'x = 1\n' })
    expect(await told()).toEqual([
      'warning uncommitted-change s.py at worktree: rewritten, encrypted by git-crypt before: it cannot be compared without the key, mends',
    ])
  })
})

const lfs: Need = {
  name: 'git-lfs',
  present: (await execa('git', ['lfs', 'version'], { reject: false })).exitCode === 0,
}

describe('Git LFS', () => {
  const python = 'x = 1\n'
  const commitWithLfs = async (content = python) => {
    await commit({ '.gitattributes': 'big.py filter=lfs diff=lfs merge=lfs -text\n', 'a.py': '' })
    await here('lfs', 'install', '--local')
    await change({ 'big.py': content })
    await here('add', 'big.py')
    await here('commit', '--quiet', '--message=big')
  }

  testNeeding(lfs)('a committed pointer and the content on disk are the same', async () => {
    await commitWithLfs()
    expect(await here('show', 'HEAD:big.py')).toMatch(/^version https:\/\/git-lfs/)
    const { findings, remarks, hypotheses } = await report()
    expect(findings).toEqual([])
    expect(checkoutRemark(remarks)).toEqual([
      '1 file stands on disk as git checks them out (Git LFS), not byte for byte as committed',
    ])
    expect(hypotheses.find(({ id }) => id === 'broken-before-commit')?.state).toBe('refuted')
  })

  testNeeding(lfs)('content too large to be held is known by its digest', async () => {
    await commitWithLfs(`x = 1\n${'#'.repeat(5 * 1024 * 1024)}\n`)
    expect(await told()).toEqual([])
  })

  testNeeding(lfs)('content that does not compile is broken as committed', async () => {
    await commitWithLfs('x = = 1\n')
    expect(await told()).toEqual(['error broken-source big.py'])
    expect(await text()).toContain('x = = 1')
  })

  testNeeding(lfs)('a pointer that went up in place of the content', async () => {
    await commitWithLfs()
    const pointer = await here('show', 'HEAD:big.py')
    const files = { 'a.py': '', 'big.py': `${pointer}\n` }
    expect(await told(...(await upload(await tgzOf(files))))).toEqual([
      'error altered-in-upload big.py at upload: lfs-pointer, the Git LFS pointer stands in place of the content: git-lfs did not fetch it, breaks',
    ])
  })

  testNeeding(lfs)('a pointer that was never fetched is said to be one', async () => {
    await commitWithLfs()
    const pointer = await here('show', 'HEAD:big.py')
    await change({ 'big.py': `${pointer}\n` })
    expect(await told()).toEqual(['error broken-source big.py'])
    expect(await text()).toContain('It is a Git LFS pointer')
  })

  test('another content than the pointer names', async () => {
    const oid = createHash('sha256').update('other').digest('hex')
    await commit({ 'big.py': `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize 6\n` })
    await change({ 'big.py': python })
    expect(await told()).toEqual([expect.stringContaining('warning uncommitted-change big.py at worktree: rewritten')])
  })
})

describe('submodules', () => {
  const superproject = async () => {
    await makeRepository(at('library'), { 'lib/l.py': 'l = 1\n', 'lib/m.py': 'm = 1\n' })
    await commit({ 'a.py': 'x = 1\n' })
    await here('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', at('library'), 'vendor')
    await here('commit', '--quiet', '--message=vendor')
  }

  test('checked out as committed: its files are those of its own commit', async () => {
    await superproject()
    expect(await told()).toEqual([])
  })

  test('a file that does not compile is found in it, and is no uncommitted change', async () => {
    await makeRepository(at('library'), { 'l.py': 'l = = 1\n' })
    await commit({ 'a.py': 'x = 1\n' })
    await here('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', at('library'), 'vendor')
    await here('commit', '--quiet', '--message=vendor')
    expect(await told()).toEqual(['error broken-source vendor/l.py'])
  })

  test('never checked out', async () => {
    await superproject()
    await here('submodule', '--quiet', 'deinit', '--force', 'vendor')
    const { findings } = await report()
    expect(findings).toMatchObject([
      { code: 'missing-from-upload', severity: 'warning', path: 'vendor', evidence: { submodule: { state: 'empty' } } },
    ])
    expect(await text()).toContain('A submodule that was never checked out: its directory is empty')
    await rm(at('repository/vendor'), { recursive: true })
    expect((await report()).findings).toMatchObject([{ path: 'vendor', evidence: { submodule: { state: 'absent' } } }])
  })

  test('at another commit', async () => {
    await superproject()
    await writeFiles(at('repository/vendor'), { 'lib/l.py': 'l = 2\n' })
    await git(at('repository/vendor'), 'commit', '--quiet', '--all', '--message=next')
    expect(await told()).toEqual([
      'warning uncommitted-change vendor at upload',
      'warning uncommitted-change vendor/lib/l.py at upload: added',
    ])
    expect(await text()).toContain('What is uploaded is not what is committed')
  })

  test('dirty, and with a file of its own', async () => {
    await superproject()
    await writeFiles(at('repository/vendor'), { 'lib/m.py': 'm = 2\n', 'new.py': 'n = 1\n' })
    expect(await told()).toEqual([
      'warning uncommitted-change vendor/lib/m.py at upload: added',
      'warning uncommitted-change vendor/new.py at upload: added',
    ])
  })

  test('empty in an archive of git archive', async () => {
    await superproject()
    expect(await told(...(await gitArchive()))).toEqual(['warning missing-from-upload vendor at upload: removed'])
  })

  test('a repository within the tree that only looks like a submodule is not asked', async () => {
    await superproject()
    // Its configuration is whoever's made the tree.
    await writeFile(at('repository/vendor/.git'), `gitdir: ${at('elsewhere')}\n`)
    await rename(at('repository/.git/modules/vendor'), at('elsewhere'))
    const { findings } = await report()
    expect(findings.map(({ path }) => path)).toEqual(['vendor/lib/l.py', 'vendor/lib/m.py'])
  })
})

describe('symbolic links', () => {
  const linked = async () => {
    await commit({ 'app/x.py': 'x = 1\n' })
    await symlink('app/x.py', at('repository/y.py'))
    await here('add', '--all')
    await here('commit', '--quiet', '--message=link')
  }
  const x = 'x = 1\n'

  test('kept as links in a tgz', async () => {
    await linked()
    const records: TarRecord[] = [
      { name: 'app/x.py', content: x },
      { name: 'y.py', type: 'symlink', linkname: 'app/x.py' },
    ]
    expect(await told(...(await upload(gzipSync(await tarOf(records)))))).toEqual([])
  })

  test('replaced by what they lead to in a zip', async () => {
    await linked()
    expect(await told(...(await upload(await zipOf({ 'app/x.py': x, 'y.py': x }))))).toEqual([
      'warning altered-in-upload y.py at upload: symlink-dereferenced, what the link leads to, app/x.py, was put in its place',
    ])
  })

  test('to a directory: a link in a tgz, and an empty directory, which loses its files, in a zip', async () => {
    await commit({ 'lib/shared/x.py': 'x = 1\n', 'lib/shared/y.py': 'y = 1\n' })
    await mkdir(at('repository/app'))
    await symlink('../lib/shared', at('repository/app/shared'))
    await here('add', '--all')
    await here('commit', '--quiet', '--message=link')
    expect(await told()).toEqual([])
    const lost = 'warning missing-from-upload app/shared at upload: removed'
    expect(await told('--upload-as', 'run-deploy')).toEqual([lost])
    const files = { 'lib/shared/x.py': 'x = 1\n', 'lib/shared/y.py': 'y = 1\n' }
    expect(await told(...(await upload(await zipOf({ ...files, 'app/shared/': '' }))))).toEqual([lost])
    const dereferenced = { ...files, 'app/shared/x.py': 'x = 1\n', 'app/shared/y.py': 'y = 1\n' }
    expect(await told(...(await upload(await zipOf(dereferenced))))).not.toContain(lost)
    const { findings } = await report('--upload-as', 'run-deploy')
    expect(findings).toMatchObject([{ evidence: { link: { target: 'lib/shared', files: 2 } } }])
    expect(await text('--upload-as', 'run-deploy')).toContain('A link to lib/shared, which holds 2 Python files;')
  })

  test('replaced by something else', async () => {
    await linked()
    expect(await told(...(await upload(await zipOf({ 'app/x.py': x, 'y.py': 'y = 2\n' }))))).toEqual([
      "warning altered-in-upload y.py at upload: rewritten, a file stands in place of the link to app/x.py, with bytes that are not known to be its target's",
    ])
  })

  test('a text file where core.symlinks is false', async () => {
    await linked()
    await here('config', 'core.symlinks', 'false')
    await checkOutAnew('-c', 'core.symlinks=false')
    expect(await told()).toEqual([
      'warning uncommitted-change y.py at worktree: symlink-dereferenced, the link became a text file that holds where it led, app/x.py, as git writes it where core.symlinks is false',
    ])
  })

  test('one that leads nowhere', async () => {
    await commit({ 'a.py': '' })
    await symlink('gone.py', at('repository/b.py'))
    await here('add', '--all')
    await here('commit', '--quiet', '--message=link')
    expect(await told(...(await upload(await tgzOf({ 'a.py': '' }))))).toEqual([
      'warning missing-from-upload b.py at upload: removed',
    ])
  })

  test('hard links are the files that they name', async () => {
    await commit({ 'a.py': x, 'b.py': x })
    await rm(at('repository/b.py'))
    await link(at('repository/a.py'), at('repository/b.py'))
    const records: TarRecord[] = [
      { name: 'a.py', content: x },
      { name: 'b.py', type: 'link', linkname: 'a.py' },
    ]
    expect(await told(...(await upload(await tarOf(records))))).toEqual([])
  })
})

describe('what travels', () => {
  test('a tracked file that .gitignore names, the classic', async () => {
    await commit({ '.gitignore': '# built\nbuild/\n', 'a.py': '', 'build/b.py': '' })
    const { findings } = await report()
    expect(findings).toMatchObject([
      {
        code: 'missing-from-upload',
        path: 'build/b.py',
        evidence: { rule: { file: '.gitignore', line: 2, text: 'build/' } },
      },
    ])
    expect(await text()).toContain(
      'the rule build/ (.gitignore:2) keeps it out. Git itself does not apply it to files that it tracks; gcloud does.',
    )
  })

  test('modified, staged, untracked and deleted are told apart, with what they do to the file', async () => {
    await commit({ 'broken.py': 'x = = 1\n', 'good.py': 'x = 1\n', 'gone.py': '', 'same.py': '' })
    await change({ 'broken.py': 'x = 1\n', 'good.py': 'x = = 1\n', 'new.py': 'n = 1\n' })
    await here('add', 'good.py')
    await rm(at('repository/gone.py'))
    const { findings } = await report()
    const states = findings.map(({ path, severity, evidence }) => [
      path,
      severity,
      evidence.state,
      evidence.effect,
      evidence.uploaded,
    ])
    expect(states).toEqual([
      ['good.py', 'error', 'staged', 'breaks', true],
      ['broken.py', 'warning', 'modified', 'mends', true],
      ['gone.py', 'warning', 'deleted', 'none', true],
      ['new.py', 'warning', 'untracked', 'none', true],
    ])
    const out = await text()
    expect(out).toContain('What is uploaded is not what is committed: 4 files.')
    expect(out).toContain('they are staged, and not committed')
    expect(out).toContain('that mends it')
    expect(out).toContain('In the working tree, untracked by git, and in no commit that was looked at')
  })

  test('an archive of the commit, while the working tree is dirty, is what is committed', async () => {
    await commit({ 'a.py': 'x = 1\n' })
    await change({ 'a.py': 'x = 2\n' })
    const args = await gitArchive()
    const { findings } = await report(...args)
    expect(findings).toMatchObject([{ code: 'uncommitted-change', evidence: { uploaded: false } }])
    expect(await text(...args)).not.toContain('What is uploaded is not what is committed')
  })

  test('a folder below the repository has no ignore file of its own, so all of it goes up', async () => {
    await commit({ '.gitignore': '.venv/\n', 'app/a.py': '' })
    await change({ 'app/.venv/lib/site.py': 'x = 1\n' })
    expect(await told('--source', 'app')).toEqual(['warning uncommitted-change app/.venv/lib/site.py at upload: added'])
    expect((await report('--source', 'app')).findings[0]?.evidence.state).toBe('untracked')
  })

  test('the executable bit is no difference', async () => {
    await commit({ run: '#!/usr/bin/env python3\nx = 1\n' })
    await chmod(at('repository/run'), 0o755)
    expect(await told()).toEqual([])
  })

  test('an archive of git archive equals a clean working tree', async () => {
    await commit({ 'a.py': 'x = 1\n', 'b/c.py': 'y = 1\n' })
    expect(await told(...(await gitArchive('--prefix=app-1.0/')))).toEqual([])
  })

  test('a byte order mark that the editor put in, and a cookie that no longer fits', async () => {
    await commit({ 'a.py': 'x = 1\n', 'b.py': '# coding: latin-1\nx = 1\n' })
    await change({ 'a.py': '\uFEFFx = 1\n', 'b.py': '\uFEFF# coding: latin-1\nx = 1\n' })
    expect(await told()).toEqual([
      'error uncommitted-change b.py at worktree: bom, a byte order mark (BOM) was put in front, breaks',
      'warning uncommitted-change a.py at worktree: bom, a byte order mark (BOM) was put in front',
    ])
  })

  test('bytes that were lost on the way up', async () => {
    const long = 'x = 1\n'.repeat(1000)
    await commit({ 'a.py': long, 'b.py': long })
    const sent = { 'a.py': long.slice(0, 4096), 'b.py': long.slice(0, 4096) + '\0'.repeat(1904) }
    expect(await told(...(await upload(await zipOf(sent))))).toEqual([
      'error altered-in-upload a.py at upload: truncated, cut at byte 4096 of 6000, a multiple of 4096, breaks',
      'error altered-in-upload b.py at upload: nul-bytes, from byte 4096 of 6000 on, 1904 NUL bytes stand in place of the rest, breaks',
    ])
  })

  test('an archive that is of the commit but for line ends, while the working tree is dirty', async () => {
    await commit({ 'a.py': 'x = 1\n' })
    await change({ 'a.py': 'x = 2\n' })
    const { findings } = await report(...(await upload(await tgzOf({ 'a.py': 'x = 1\r\n' }))))
    expect(findings.find(({ code }) => code === 'altered-in-upload')?.evidence).toMatchObject({
      change: 'line-endings',
      before: { stage: 'commit' },
    })
  })
})

describe('paths that only some disks tell apart', () => {
  /** A commit of paths that this disk, or another one, could not hold. */
  const commitPaths = async (paths: readonly string[]) => {
    await commit({ 'a.py': 'x = 1\n' })
    const blob = await here('rev-parse', 'HEAD:a.py')
    for (const path of paths) await here('update-index', '--add', '--cacheinfo', `100644,${blob},${path}`)
    await here('commit', '--quiet', '--message=paths')
  }

  test('case, within a commit', async () => {
    await commitPaths(['app/Models.py', 'app/models.py'])
    await here('checkout', '--', '.')
    const { findings } = await report('--upload', 'none')
    expect(findings.filter(({ code }) => code === 'path-collision')).toMatchObject([
      {
        severity: 'warning',
        path: 'app/Models.py',
        evidence: {
          collision: {
            kind: 'case',
            paths: [
              { path: 'app/Models.py', stages: ['commit', 'worktree'] },
              { path: 'app/models.py', stages: ['commit', 'worktree'] },
            ],
          },
        },
      },
    ])
    expect(await text('--upload', 'none')).toContain('keeps one of them')
  })

  test('a rename by case that the disk did not get', async () => {
    await commitPaths(['models.py'])
    await writeFiles(at('repository'), { 'Models.py': 'x = 1\n' })
    await here('config', 'core.ignorecase', 'true')
    const { findings } = await report()
    expect(findings.map(({ code, path }) => [code, path])).toContainEqual(['path-collision', 'Models.py'])
    expect(findings.some(({ code, path }) => code === 'uncommitted-change' && path === 'Models.py')).toBe(false)
    expect(await text()).toContain('an import finds only the one that is spelt as it says')
  })

  test('NFC committed, NFD in the upload', async () => {
    const [nfc, nfd] = ['é.py'.normalize('NFC'), 'é.py'.normalize('NFD')]
    await commit({ [nfc]: 'x = 1\n' })
    await mkdir(at('mac'))
    const { findings } = await report(...(await upload(await tgzOf({ [nfd]: 'x = 1\n' }))))
    expect(findings.find(({ code }) => code === 'path-collision')?.evidence.collision).toEqual({
      kind: 'normalization',
      paths: [
        { path: nfd, stages: ['upload'] },
        { path: nfc, stages: ['commit', 'worktree'] },
      ],
    })
    // What is in it is committed, under the other spelling.
    expect(findings.some(({ code }) => code === 'uncommitted-change')).toBe(false)
  })
})

describe('working trees of other kinds', () => {
  test('a sparse checkout', async () => {
    await commit({ 'app/a.py': '', 'docs/d.py': '' })
    await here('sparse-checkout', 'set', 'app')
    const { findings } = await report()
    expect(findings).toMatchObject([
      { code: 'missing-from-upload', path: 'docs/d.py', evidence: { sparse: true, before: { stage: 'commit' } } },
    ])
    expect(await text()).toContain('a sparse checkout leaves it out of the working tree')
  })

  test('a linked worktree has an index and a disk of its own', async () => {
    await commit({ 'a.py': 'x = 1\n', '.gitattributes': '*.py text eol=crlf\n' })
    await here('worktree', 'add', '--quiet', at('linked'))
    await writeFiles(at('linked'), { 'b.py': 'y = 1\n' })
    await git(at('linked'), 'add', 'b.py')
    const { out } = await firstbreak(at('linked'), [...versions, '--format', 'json'])
    const { findings, remarks }: Reported = JSON.parse(out)
    expect(findings).toMatchObject([{ code: 'uncommitted-change', path: 'b.py', evidence: { state: 'staged' } }])
    expect(checkoutRemark(remarks)).toHaveLength(1)
  })

  test('a shallow clone', async () => {
    await commit({ 'a.py': 'x = 1\n' })
    await change({ 'a.py': 'x = 2\n' })
    await here('commit', '--quiet', '--all', '--message=second')
    await git(folder.path, 'clone', '--quiet', '--depth=1', `file://${at('repository')}`, at('clone'))
    await writeFiles(at('clone'), { 'a.py': 'x = 2\r\n' })
    const { out } = await firstbreak(at('clone'), [...versions, '--format', 'json'])
    expect((JSON.parse(out) as Reported).findings).toMatchObject([{ evidence: { change: 'line-endings' } }])
  })
})
