import { randomInt } from 'node:crypto'
import { bytesOfName, type Path, textOfName } from '../model/path.ts'

/**
 * A number for each path that was entered and for each directory above it, in little room: some 20 bytes and the last name for
 * each. The root is 0, and a path's number is higher than its directory's.
 */
export interface PathTable {
  /** How many numbers there are. */
  size(): number
  enter(path: Path): number
  /** Of the directory it stands in; of the root, the root. */
  parentOf(number: number): number
  pathOf(number: number): Path
}

export function pathTable(): PathTable {
  let parents = new Uint32Array(1024)
  // The name of a number stands from its start to the next one's.
  let starts = new Uint32Array(1025)
  let names = Buffer.alloc(16 * 1024)
  // Open addressing; 0 is free, as nobody looks for the root.
  let slots = new Uint32Array(4096)
  let size = 1
  // Whoever makes an image cannot know which names would meet in one slot.
  const seed = randomInt(2 ** 32)
  let last = { directory: '', number: 0 }

  function enter(path: Path): number {
    const text = asBytes(path)
    const end = Math.max(0, text.lastIndexOf('/'))
    const directory = text.slice(0, end)
    if (directory !== last.directory) last = { directory, number: enterNames(directory, 0) }
    return text === '' ? 0 : child(last.number, text, end === 0 ? 0 : end + 1, text.length)
  }

  function enterNames(text: string, from: number): number {
    let number = 0
    for (let at = from; at < text.length; ) {
      const next = text.indexOf('/', at)
      const end = next < 0 ? text.length : next
      number = child(number, text, at, end)
      at = end + 1
    }
    return number
  }

  function child(parent: number, text: string, from: number, to: number): number {
    const mask = slots.length - 1
    let slot = hashOf(parent, text, from, to) & mask
    for (let number = slots[slot]!; number !== 0; number = slots[slot]!) {
      if (parents[number] === parent && isCalled(number, text, from, to)) return number
      slot = (slot + 1) & mask
    }
    return add(slot, parent, text, from, to)
  }

  function add(slot: number, parent: number, text: string, from: number, to: number): number {
    const number = size
    makeRoom(to - from)
    slots[slot] = number
    parents[number] = parent
    const start = starts[number]!
    names.write(text.slice(from, to), start, 'latin1')
    starts[number + 1] = start + to - from
    size += 1
    if (size * 2 > slots.length) fillSlots(slots.length * 2)
    return number
  }

  function makeRoom(length: number): void {
    if (size === parents.length) {
      parents = grown(parents, new Uint32Array(size * 2))
      starts = grown(starts, new Uint32Array(size * 2 + 1))
    }
    const needed = starts[size]! + length
    if (needed > names.length) names = grown(names, Buffer.alloc(Math.max(needed, names.length * 2)))
  }

  function fillSlots(length: number): void {
    slots = new Uint32Array(length)
    for (let number = 1; number < size; number++) {
      const name = names.toString('latin1', starts[number], starts[number + 1])
      let slot = hashOf(parents[number]!, name, 0, name.length) & (length - 1)
      while (slots[slot] !== 0) slot = (slot + 1) & (length - 1)
      slots[slot] = number
    }
  }

  function isCalled(number: number, text: string, from: number, to: number): boolean {
    const start = starts[number]!
    if (starts[number + 1]! - start !== to - from) return false
    for (let at = from; at < to; at++) if (names[start + at - from] !== text.charCodeAt(at)) return false
    return true
  }

  function hashOf(parent: number, text: string, from: number, to: number): number {
    let hash = Math.imul(seed ^ parent, 0x9e3779b1)
    for (let at = from; at < to; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
    return (hash ^ (hash >>> 15)) >>> 0
  }

  function pathOf(number: number): Path {
    const parts: Buffer[] = []
    for (let at = number; at !== 0; at = parents[at]!) parts.push(names.subarray(starts[at], starts[at + 1]))
    return parts.reverse().map(textOfName).join('/') as Path
  }

  return { size: () => size, enter, parentOf: number => parents[number]!, pathOf }
}

/** One character for each byte. */
function asBytes(path: Path): string {
  for (let at = 0; at < path.length; at++) {
    if (path.charCodeAt(at) > 0x7f) return bytesOfName(path).toString('latin1')
  }
  return path
}

function grown<Column extends Uint32Array | Buffer>(column: Column, larger: Column): Column {
  larger.set(column)
  return larger
}
