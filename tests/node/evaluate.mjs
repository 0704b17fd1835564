// Judges IAM requests with an evaluator that this project did not write.
// Reads one JSON list of simulations from standard input; prints one JSON list of results.
import { runSimulation } from '@cloud-copilot/iam-simulate'

let input = ''
for await (const chunk of process.stdin) input += chunk

const results = []
for (const simulation of JSON.parse(input)) {
  const response = await runSimulation(simulation, {})
  results.push(
    response.resultType === 'error'
      ? { error: JSON.stringify(response.errors) }
      : { result: response.overallResult, type: response.resultType }
  )
}
process.stdout.write(JSON.stringify(results))
