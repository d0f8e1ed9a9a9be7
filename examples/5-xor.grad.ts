// Example 5: XOR. The smallest problem that needs a hidden layer.
//
// XOR is 1 where exactly one input is 1. No straight line separates its ones from its zeros, so a
// single linear layer cannot learn it; a hidden layer bends the plane until a line can.
import torch from "torch"
import nn from "torch/nn"

torch.manual_seed(0)

// All four cases there are, one a row, and what they should give.
const inputs = torch.tensor([[0, 0], [0, 1], [1, 0], [1, 1]])
const targets = torch.tensor([[0], [1], [1], [0]])

// Try nn.Linear(2, 1) alone: the loss stops at log 2 = 0.6931, which is what guessing costs.
const model = new nn.Sequential(new nn.Linear(2, 4), new nn.Tanh(), new nn.Linear(4, 1))
print(model)

// The model gives logits; this loss takes their sigmoid and compares it with 0 or 1.
const loss_fn = new nn.BCEWithLogitsLoss()
const optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.2, momentum: 0.9 })

for (let step = 0; step < 100; step++) {
  const loss = loss_fn(model(inputs), targets)
  optimizer.zero_grad()
  loss.backward()
  optimizer.step()
  print(`step ${step}: loss = ${loss.item().toFixed(4)}`)
}

// What it has learned: the probability of a 1 in each case.
torch.no_grad(() => {
  print(torch.sigmoid(model(inputs)).round({ decimals: 2 }))
})
