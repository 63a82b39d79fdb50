import { cp, mkdir, symlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type Docker from 'dockerode'
import { execa } from 'execa'
import { nativePython } from './native.ts'
import type { Need } from './needs.ts'
import { temporaryFolder } from './temporary.ts'

/** The tar of a root filesystem with this machine's CPython of a minor version and a shell, and nothing else. */
export async function pythonRoot(minor: string | null): Promise<Uint8Array> {
  await using root = await temporaryFolder()
  await copyProgram('/bin/sh', join(root.path, 'bin/sh'), root.path)
  if (minor !== null) await copyPython(minor, root.path)
  const { stdout } = await execa('tar', ['-c', '-C', root.path, '--owner=0', '--group=0', '.'], {
    encoding: 'buffer',
    maxBuffer: 1 << 30,
  })
  return stdout
}

export async function importPython(docker: Docker, reference: string, minor: string | null): Promise<void> {
  const [repo = '', tag = ''] = reference.split(':')
  const progress = await docker.importImage(Readable.from([await pythonRoot(minor)]), { repo, tag })
  const text = (await buffer(progress)).toString()
  if (text.includes('"error"')) throw new Error(text)
}

export const needsDebian: Need = {
  name: "mmdebstrap, as root, and Debian's packages",
  present: process.getuid?.() === 0 && (await execa('mmdebstrap', ['--version'], { reject: false })).exitCode === 0,
}

const debianPackages = ['base-files', 'coreutils', 'dash', 'dos2unix', 'python3-minimal', 'python3-pip', 'sed']

/** What takes room in an image, and no time that could be well spent on it. */
const notRun = [
  'dev',
  'usr/share/{doc,man,locale}',
  'usr/share/perl*',
  'usr/lib/*/perl*',
  'usr/lib/*/gconv',
  'var/cache',
]

/** Imports Debian 12. Its packages are unpacked and not set up, which takes a fifth of the time and changes nothing of what is run here. */
export async function importDebian(reference: string): Promise<void> {
  await using folder = await temporaryFolder()
  const [root, tar] = [join(folder.path, 'debian'), join(folder.path, 'debian.tar')]
  await execa('mmdebstrap', ['--quiet', '--variant=extract', `--include=${debianPackages}`, 'bookworm', root])
  const excluded = notRun.map(path => `--exclude=./${path}`)
  await execa('tar', ['-c', '-f', tar, '-C', root, '--numeric-owner', ...excluded, '.'])
  await execa('docker', ['import', '--change', 'CMD ["python3"]', tar, reference])
}

/** What no test of a compiler needs. */
const leftOut =
  /^(?:__pycache__|site-packages|dist-packages|test|tests|idlelib|tkinter|turtledemo|ensurepip|lib2to3|pydoc_data|config-.*)$/

async function copyPython(minor: string, root: string): Promise<void> {
  const executable = nativePython(minor)!.executable!
  const prefix = dirname(dirname(executable))
  const name = `python${minor}`
  await copyProgram(executable, join(root, 'usr/local/bin', name), root)
  await symlink(name, join(root, 'usr/local/bin/python3'))
  await symlink('python3', join(root, 'usr/local/bin/python'))
  await cp(join(prefix, 'lib', name), join(root, 'usr/local/lib', name), {
    recursive: true,
    filter: path => !leftOut.test(basename(path)),
  })
}

/** A program with the libraries it needs, where the loader looks for them. */
async function copyProgram(from: string, to: string, root: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  await cp(from, to, { dereference: true })
  const { stdout } = await execa('ldd', [from])
  for (const [, library = ''] of stdout.matchAll(/(?:=>|^)\s+(\/\S+) \(/gm)) {
    const place = library.startsWith('/lib') ? library : `/lib/${basename(library)}`
    await cp(library, join(root, place), { dereference: true })
  }
}
