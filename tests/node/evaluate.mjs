// Judges IAM requests with an evaluator that this project did not write.
// Reads {documents, simulations} from standard input: each document stands there once, and simulations name
// documents by their index. Prints one JSON list of results.
import {
  createValidatedPolicy,
  validateEndpointPolicy,
  validateIdentityPolicy,
  validateResourcePolicy
} from '@cloud-copilot/iam-policy'
import { runSimulation } from '@cloud-copilot/iam-simulate'

let input = ''
for await (const chunk of process.stdin) input += chunk
const { documents, simulations } = JSON.parse(input)

// Thousands of requests share a few documents: each is checked once for each thing that it is used as.
const checked = (check) => {
  const known = new Map()
  return (index) => {
    if (!known.has(index)) {
      known.set(index, createValidatedPolicy(documents[index], check, { name: `document-${index}` }))
    }
    return known.get(index)
  }
}
const [identity, resource, endpoint] = [
  validateIdentityPolicy,
  validateResourcePolicy,
  validateEndpointPolicy
].map(checked)
const named = (indexes, as) => indexes.map((index) => ({ name: `document-${index}`, policy: as(index) }))

const results = []
for (const one of simulations) {
  const simulation = {
    request: one.request,
    identityPolicies: named(one.identity, identity),
    resourcePolicy: one.resourcePolicy === null ? undefined : resource(one.resourcePolicy),
    permissionBoundaryPolicies: one.boundaries.length ? named(one.boundaries, identity) : undefined,
    vpcEndpointPolicies: one.endpoints.length ? named(one.endpoints, endpoint) : undefined,
    serviceControlPolicies: [],
    resourceControlPolicies: []
  }
  const response = await runSimulation(simulation, {})
  if (response.resultType === 'error') {
    results.push({ error: JSON.stringify(response.errors) })
  } else if (response.resultType !== 'single') {
    results.push({ error: `not one decision but ${response.resultType}` })
  } else if (response.result.ignoredContextKeys?.length) {
    results.push({ error: `the action knows no ${response.result.ignoredContextKeys.join(', ')}` })
  } else {
    results.push({ result: response.overallResult })
  }
}
process.stdout.write(JSON.stringify(results))
