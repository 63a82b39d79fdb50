import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Need } from './needs.ts'

/** Where links can be made, and files tell who may run them. */
export const needsPosix: Need = { name: 'a POSIX system', present: process.platform !== 'win32' }

/** Programs are made as machine code of one kind of machine, so that no compiler is needed. */
export const needsLinux: Need = {
  name: 'Linux on x64',
  present: process.platform === 'linux' && process.arch === 'x64',
}

/** What a program does: says a text some times, once unless told, without end for Infinity; then ends, unless it sleeps. */
export interface Behaviour {
  readonly says?: string
  readonly times?: number
  readonly sleeps?: boolean
}

/** Writes a program for Linux on x64 that takes any arguments: an ELF header, one segment, some instructions, the text. */
export async function writeProgram(path: string, behaviour: Behaviour, mode = 0o755): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, programOf(behaviour))
  await chmod(path, mode)
}

const base = 0x400000
const headers = 64 + 56

function programOf({ says = '', times = 1, sleeps = false }: Behaviour): Buffer {
  const text = Buffer.from(says)
  const code = instructions(text.length, times, sleeps)
  const file = Buffer.alloc(headers)
  file.write('\x7fELF\x02\x01\x01', 0, 'latin1')
  file.writeUInt16LE(2, 16) // an executable
  file.writeUInt16LE(62, 18) // for x64
  file.writeUInt32LE(1, 20)
  file.writeBigUInt64LE(BigInt(base + headers), 24) // where it begins
  file.writeBigUInt64LE(64n, 32) // where the segments are listed
  file.writeUInt16LE(64, 52)
  file.writeUInt16LE(56, 54)
  file.writeUInt16LE(1, 56)
  file.writeUInt32LE(1, 64) // a segment to be loaded,
  file.writeUInt32LE(5, 68) // read and executed,
  file.writeBigUInt64LE(BigInt(base), 80)
  file.writeBigUInt64LE(BigInt(base), 88)
  const size = BigInt(headers + code.length + text.length)
  file.writeBigUInt64LE(size, 96)
  file.writeBigUInt64LE(size, 104)
  file.writeBigUInt64LE(0x1000n, 112)
  return Buffer.concat([file, code, text])
}

function instructions(length: number, times: number, sleeps: boolean): Buffer {
  const move = (register: 'eax' | 'ebx' | 'edx' | 'esi' | 'edi', value: number) => {
    const code = Buffer.from([{ eax: 0xb8, ebx: 0xbb, edx: 0xba, esi: 0xbe, edi: 0xbf }[register], 0, 0, 0, 0])
    code.writeUInt32LE(value, 1)
    return code
  }
  const [call, countDown] = [Buffer.from([0x0f, 0x05]), Buffer.from([0xff, 0xcb])]
  const jump = (instruction: number, back: number) => Buffer.from([instruction, 0x100 - back - 2])
  const end = Buffer.concat([move('eax', sleeps ? 34 : 60), move('edi', 0), call]) // pause, or exit
  const say = (address: number) =>
    Buffer.concat([move('eax', 1), move('edi', 1), move('esi', address), move('edx', length), call, countDown])
  const whole = (address: number) => {
    const loop = say(address)
    const again = jump(times === Infinity ? 0xeb : 0x75, loop.length) // always, or until counted down
    return Buffer.concat([move('ebx', times === Infinity ? 1 : times), loop, again, end, jump(0xeb, end.length)])
  }
  return whole(base + headers + whole(0).length)
}
