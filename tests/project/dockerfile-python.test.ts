import { expect, test } from 'vitest'
import { VerifierError } from '../../src/model/errors.ts'
import { dockerfilePython } from '../../src/project/dockerfile-python.ts'
import { fileOf } from './files.ts'

test.each([
  ['one stage', 'FROM python:3.11-alpine3.19\nCOPY . .\n', '3.11', 1],
  ['a comment and a directive', '# syntax=docker/dockerfile:1\n\n# the service\nFROM python:3.11.9\n', '3.11.9', 4],
  ['small letters', 'from python:3.11 as service\n', '3.11', 1],
  ['Windows line endings', 'ARG V=3.11\r\nFROM python:$V\r\n', '3.11', 2],
  ['a platform', 'FROM --platform=$BUILDPLATFORM python:3.12 AS base\n', '3.12', 1],
  ['quotes', 'FROM "python:3.12"\n', '3.12', 1],
  ['a continued line', 'FROM \\\n  python:3.12 \\\n  AS base\n', '3.12', 1],
  ['the other escape character', '# escape=`\nFROM `\n  python:3.12\n', '3.12', 2],
  ['an argument with a default', 'ARG PYTHON_VERSION=3.11\nFROM python:${PYTHON_VERSION}-slim\n', '3.11', 2],
  ['a quoted default', 'ARG V="3.11"\nFROM python:$V\n', '3.11', 2],
  ['two arguments in one line', 'ARG A=python V=3.12\nFROM $A:$V\n', '3.12', 2],
  ['a default made of another', 'ARG V=3.11\nARG BASE=python:${V}-slim\nFROM ${BASE}\n', '3.11', 3],
  ['an argument without default, and a fallback', 'ARG BASE\nFROM ${BASE:-python:3.11}\n', '3.11', 2],
  [
    'the last of several stages',
    'FROM python:3.13 AS build\nRUN x\nFROM python:3.11\nCOPY --from=build / /\n',
    '3.11',
    3,
  ],
  ['a stage built on an earlier one', 'FROM python:3.11 AS base\nFROM node:22 AS web\nFROM base\n', '3.11', 1],
  ['a chain of stages, in any case', 'FROM python:3.11 AS Base\nFROM base AS deps\nFROM DEPS AS service\n', '3.11', 1],
  ['a stage called like its image', 'FROM python:3.11 AS python\nFROM python\n', '3.11', 1],
  ['the later of two stages of one name', 'FROM python:3.9 AS base\nFROM python:3.11 AS base\nFROM base\n', '3.11', 2],
  ['a heredoc that looks like a stage', 'FROM python:3.11\nRUN <<EOF\nFROM python:3.9\nEOF\n', '3.11', 1],
  ['a continued RUN that looks like a stage', 'FROM python:3.11\nRUN echo \\\nFROM python:3.9\n', '3.11', 1],
  [
    "Google's image without a distribution",
    'FROM python:3.12 AS b\nFROM gcr.io/distroless/python3-debian12\n',
    '3.11',
    2,
  ],
  ['what Debian installs', 'FROM debian:12-slim\nRUN apt-get update && apt-get install -y python3-pip\n', '3.11', 1],
  [
    'what an earlier stage installs',
    'FROM ubuntu:22.04 AS base\nRUN apt install -y \\\n  git \\\n  python3\nFROM node:22\nFROM base\nCOPY . .\n',
    '3.10',
    1,
  ],
  ['another Python that is named', 'FROM ubuntu:22.04\nRUN apt-get install -y python3.12 python3.12-venv\n', '3.12', 2],
  ['what Alpine installs', 'FROM alpine:3.19\nRUN apk add --no-cache python3 py3-pip\n', '3.11', 1],
])('reads %s', (_name, content, version, line) => {
  expect(dockerfilePython(fileOf('deploy/Dockerfile', content))).toEqual({
    value: { version, from: `deploy/Dockerfile:${line}` },
    remarks: [],
  })
})

test.each([
  ['a tag without version', 'FROM python:slim\n', 'Dockerfile:1: "python:slim" names no minor version of CPython'],
  ['a major version', '\nFROM python:3\n', 'Dockerfile:2: "python:3" names no minor version of CPython'],
  ['another image', 'FROM node:22\n', 'Dockerfile:1: "node:22" names no minor version of CPython'],
  [
    'a distribution on which no Python is installed',
    'FROM debian:12\n',
    'Dockerfile:1: the package python3 of "debian:12" is Python 3.11, but the Dockerfile may run another',
  ],
  [
    'a later stage of that name',
    'FROM base\nFROM python:3.11 AS base\nFROM debian\n',
    'Dockerfile:3: "debian" names no minor version of CPython',
  ],
  [
    'an argument without default',
    'ARG V\nFROM python:$V\n',
    'Dockerfile:2: what "python:$V" stands for is decided by the build',
  ],
  [
    'an argument of a stage',
    'FROM a AS b\nARG V=3.11\nFROM python:$V\n',
    'Dockerfile:3: what "python:$V" stands for is decided by the build',
  ],
])('says why it does not use %s', (_name, content, remark) => {
  expect(dockerfilePython(fileOf('Dockerfile', content))).toEqual({ value: null, remarks: [remark] })
})

test.each([
  ['an empty file', '', 'Dockerfile is no Dockerfile that can be built: it has no FROM'],
  ['arguments only', 'ARG V=3.11\n', 'Dockerfile is no Dockerfile that can be built: it has no FROM'],
  [
    'another text',
    '# Service\n\nRun it with care.\n',
    'Dockerfile:3 is no Dockerfile that can be built: "RUN" stands before the first FROM',
  ],
  [
    'a mistyped FROM',
    'FORM python:3.11\n',
    'Dockerfile:1 is no Dockerfile that can be built: "FORM" stands before the first FROM',
  ],
  ['a FROM without image', 'ARG V\nFROM\n', 'Dockerfile:2 is no Dockerfile that can be built: FROM names no image'],
])('refuses %s', (_name, content, message) => {
  expect(() => dockerfilePython(fileOf('Dockerfile', content))).toThrow(new VerifierError('file-unreadable', message))
})

const staged = 'ARG V=3.12\nARG BASE=python:$V\nFROM $BASE AS base\nFROM python:3.13 AS Tests\nFROM base\n'

test.each([
  ['an argument', staged, [['V', '3.11']], null, '3.11', ':3 with cloudbuild.yaml:4'],
  [
    'an argument without a default',
    'ARG V\nFROM python:$V\n',
    [['V', '3.11']],
    null,
    '3.11',
    ':2 with cloudbuild.yaml:4',
  ],
  ['an argument that others are made of', staged, [['BASE', 'python:3.9']], null, '3.9', ':3 with cloudbuild.yaml:4'],
  [
    'an argument that is not declared',
    'FROM python:3.12\n',
    [['V', '3.11']],
    null,
    '3.12',
    ':1 with cloudbuild.yaml:4',
  ],
  ['a target', staged, [], 'tests', '3.13', ':4 with cloudbuild.yaml:4'],
  ['nothing', staged, [], null, '3.12', ':3'],
] as const)('a build that is told %s', (_name, content, values, target, version, place) => {
  const build = { arguments: new Map(values), target, from: 'cloudbuild.yaml:4' }
  expect(dockerfilePython(fileOf('Dockerfile', content), build)).toEqual({
    value: { version, from: `Dockerfile${place}` },
    remarks: [],
  })
})

test.each([
  [
    'an argument that only the build knows',
    [['V', null]],
    null,
    'Dockerfile:3 with cloudbuild.yaml:4: what "$BASE" stands for is decided by the build',
  ],
  ['a target that is not there', [], 'release', 'cloudbuild.yaml:4: Dockerfile has no stage "release"'],
] as const)('says why it does not use a build with %s', (_name, values, target, remark) => {
  const build = { arguments: new Map(values), target, from: 'cloudbuild.yaml:4' }
  expect(dockerfilePython(fileOf('Dockerfile', staged), build)).toEqual({ value: null, remarks: [remark] })
})
