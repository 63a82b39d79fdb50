import { readFile } from 'node:fs/promises'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { XmlDocument, type XmlElement, XsdValidator } from 'libxml2-wasm'
import { expect } from 'vitest'

const schemas = new URL('../../fixtures/schemas/', import.meta.url)

const ajv = new Ajv2020({ strict: false, allErrors: true })
addFormats.default(ajv)
const validate = ajv.compile(JSON.parse(await readFile(new URL('sarif-2.1.0.json', schemas), 'utf8')))

/** What a test reads of a SARIF log. */
export interface SarifRun {
  readonly tool: {
    readonly driver: { readonly rules: readonly { readonly id: string; readonly [key: string]: unknown }[] }
  }
  readonly results: readonly SarifResult[]
  readonly invocations: readonly {
    readonly executionSuccessful: boolean
    readonly exitCode?: number
    readonly toolExecutionNotifications: readonly {
      readonly descriptor: { readonly id: string }
      readonly message: { readonly text: string }
    }[]
  }[]
  readonly automationDetails: { readonly id: string }
  readonly versionControlProvenance?: readonly object[]
  readonly logicalLocations: readonly { readonly name: string }[]
  readonly columnKind: string
  readonly properties: object
}

interface SarifResult {
  readonly ruleId: string
  readonly ruleIndex: number
  readonly level: string
  readonly message: { readonly text: string }
  readonly locations: readonly SarifLocation[]
  readonly relatedLocations?: readonly SarifLocation[]
  readonly partialFingerprints: Readonly<Record<string, string>>
  readonly fixes?: readonly object[]
  readonly properties: object
}

interface SarifLocation {
  readonly message?: { readonly text: string }
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string; readonly uriBaseId?: string }
    readonly region: object
  }
  readonly logicalLocations?: readonly { readonly index: number; readonly fullyQualifiedName: string }[]
}

/** The one run of a SARIF log that is as the schema of the standard says. */
export function sarifRun(log: string): SarifRun {
  const document = JSON.parse(log)
  expect(validate(document), ajv.errorsText(validate.errors)).toBe(true)
  expect(document.runs).toHaveLength(1)
  return document.runs[0]
}

/** An element of XML, as a parser tells it. */
export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly text: string
  readonly children: readonly Element[]
}

using xsd = XmlDocument.fromBuffer(await readFile(new URL('junit-4.xsd', schemas)))
const validator = XsdValidator.fromDoc(xsd)

/** The root of a JUnit report that is well-formed and as the schema of Jenkins says. */
export function junitRoot(report: string): Element {
  using document = XmlDocument.fromString(report)
  validator.validate(document)
  return elementOf(document.root)
}

function elementOf(element: XmlElement): Element {
  const children: Element[] = []
  for (let child = element.firstChild; child !== null; child = child.next) {
    if ('attrs' in child) children.push(elementOf(child as XmlElement))
  }
  const attributes = Object.fromEntries(element.attrs.map(({ name, value }) => [name, value]))
  return { name: element.name, attributes, text: element.content, children }
}
