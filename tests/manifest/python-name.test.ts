import { describe, expect, test } from 'vitest'
import { isPythonName, isPythonScript, mayBeScript } from '../../src/manifest/python-name.ts'
import type { Path } from '../../src/model/path.ts'

test.each([
  ['app/main.py', true],
  ['gui.pyw', true],
  ['.py', true],
  ['main.pyc', false],
  ['main.py.txt', false],
  ['py', false],
  ['x.py/readme', false],
])('%s is Python by its name: %s', (path, expected) => expect(isPythonName(path as Path)).toBe(expected))

test.each([
  ['bin/manage', true],
  ['.hidden', true],
  ['a.b/run', true],
  ['run.sh', false],
  ['.config.toml', false],
])('%s may be a script: %s', (path, expected) => expect(mayBeScript(path as Path)).toBe(expected))

describe('a first line', () => {
  test.each([
    ['#!/usr/bin/python\n', true],
    ['#!/usr/bin/python3.11\n', true],
    ['#! /usr/bin/env python3\n', true],
    ['#!/usr/bin/env -S python3 -u\n', true],
    ['#!/usr/bin/env PYTHONUTF8=1 python3\n', true],
    ['#!python\r\n', true],
    ['#!/opt/venv/bin/pythonw\n', true],
    ['#!/bin/sh\n# python', false],
    ['#!/usr/bin/env bash\n', false],
    ['#!/usr/bin/pypy3\n', false],
    ['#!/usr/bin/ipython\n', false],
    ['import python\n', false],
    ['\ufeff#!/usr/bin/python\n', false],
    ['#!', false],
    ['', false],
  ])('%j is of a Python script: %s', (line, expected) => expect(isPythonScript(Buffer.from(line))).toBe(expected))
})
