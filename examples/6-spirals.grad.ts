// Example 6: spirals. A network with two hidden layers tells three intertwined arms apart.
import torch from "torch"
import nn from "torch/nn"
import F from "torch/nn/functional"
import plot from "gradlens/plot"

torch.manual_seed(0)

// An arm winds outwards: its radius grows from 0.1 to 1 while its angle grows by 4 radians. Each arm
// starts a third of a turn after the one before, and noise smears its points a little.
const POINTS = 40
const ARMS = 3
const radius = torch.linspace(0.1, 1, POINTS)
const arms = []
for (let arm = 0; arm < ARMS; arm++) {
  const start = 2 * Math.PI * arm / ARMS
  const angle = 4 * radius + start + 0.1 * torch.randn(POINTS)
  arms.push(torch.stack([radius * angle.cos(), radius * angle.sin()], { dim: 1 }))
}
const points = torch.cat(arms) // (120, 2)
const labels = torch.arange(ARMS).repeat_interleave(POINTS) // 40 zeros, 40 ones, 40 twos
print(points.shape, labels.shape)

class Classifier extends nn.Module {
  hidden1 = new nn.Linear(2, 16)
  hidden2 = new nn.Linear(16, 16)
  output = new nn.Linear(16, ARMS)

  forward(x: torch.Tensor) {
    x = F.relu(this.hidden1(x))
    x = F.relu(this.hidden2(x))
    return this.output(x) // one score for each arm; the loss makes probabilities of them
  }
}

const model = new Classifier()
const optimizer = new torch.optim.Adam(model.parameters(), { lr: 0.02 })

// Every step looks at all the points. The loss starts near log 3 = 1.0986, the cost of guessing.
for (let step = 0; step < 150; step++) {
  const scores = model(points)
  const loss = F.cross_entropy(scores, labels)
  const accuracy = scores.argmax(1).eq(labels).to(torch.float32).mean()
  optimizer.zero_grad()
  loss.backward()
  optimizer.step()
  // In the training panel: how many are right, and which arm the model takes each place for.
  plot("accuracy", accuracy)
  plot.contour((places) => model(places), { name: "arms" })
  plot.scatter(points[":", 0], points[":", 1], labels, { name: "arms" })
  print(`step ${step}: loss = ${loss.item().toFixed(4)}, accuracy = ${accuracy.item().toFixed(4)}`)
}

// The middle of an arm is easy; where the arms meet the model hesitates.
torch.no_grad(() => {
  const probabilities = F.softmax(model(torch.tensor([[0.5, 0.5], [0, 0]])), 1)
  print(probabilities.round({ decimals: 2 }))
})
