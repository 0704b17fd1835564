// Judges IAM requests with an evaluator that this project did not write.
// Reads {documents, simulations} from standard input: each document stands there once, and simulations name
// documents by their index. Prints one JSON list of results.
import { runSimulation } from '@cloud-copilot/iam-simulate'

let input = ''
for await (const chunk of process.stdin) input += chunk
const { documents, simulations } = JSON.parse(input)
const named = (indexes) => indexes.map((index) => ({ name: `document-${index}`, policy: documents[index] }))

const results = []
for (const one of simulations) {
  const simulation = {
    request: one.request,
    identityPolicies: named(one.identity),
    resourcePolicy: one.resourcePolicy === null ? undefined : documents[one.resourcePolicy],
    permissionBoundaryPolicies: one.boundaries.length ? named(one.boundaries) : undefined,
    vpcEndpointPolicies: one.endpoints.length ? named(one.endpoints) : undefined,
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
