import { expect, test } from 'vitest'
import { pythonOfReference } from '../../src/project/image-reference.ts'

const digest = `sha256:${'0'.repeat(64)}`

test.each([
  ['python:3.11', '3.11'],
  ['python:3.11-alpine3.19', '3.11'],
  ['python:3.11.9-slim', '3.11.9'],
  ['python:3.13-rc-slim', '3.13'],
  ['python:3.15.0a2-bookworm', '3.15.0a2'],
  ['python:2.7-slim', '2.7'],
  [`docker.io/library/python:3.11.9-slim@${digest}`, '3.11.9'],
  ['public.ecr.aws/docker/library/python:3.12', '3.12'],
  ['localhost:5000/python:3.12', '3.12'],
  ['ghcr.io/astral-sh/uv:python3.12-bookworm-slim', '3.12'],
  ['ghcr.io/astral-sh/uv:0.5.4-python3.12-alpine', '3.12'],
  ['tiangolo/uvicorn-gunicorn-fastapi:python3.11', '3.11'],
  ['gcr.io/distroless/python3-debian11:debug', '3.9'],
  ['gcr.io/distroless/python3-debian12:nonroot', '3.11'],
  [`gcr.io/distroless/python3-debian13@${digest}`, '3.13'],
  ['gcr.io/distroless/python3', null],
  ['gcr.io/distroless/constructor', null],
  ['python', null],
  ['python:latest', null],
  ['python:slim', null],
  ['python:3', null],
  ['python:3-slim', null],
  ['python:alpine3.19', null],
  [`python@${digest}`, null],
  ['localhost:5000/python', null],
  ['pypy:3.10', null],
  ['debian:12.5', null],
  ['example.com/service:3.11', null],
  ['scratch', null],
])('%s', (reference, version) => expect(pythonOfReference(reference)).toBe(version))
