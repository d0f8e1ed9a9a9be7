// Lesson 2: automatic differentiation and the training loop.
import torch from "torch"
import nn from "torch/nn"

torch.manual_seed(0)

// Every result knows the operation that made it: its grad_fn.
let x = torch.rand(4, { requires_grad: true })
print(x)
let y = x * 5
print(y)
let w = y ** 2
print(w)
const z = w.mean()
print(z)
z.backward()
print(x.grad) // ∂z/∂x = 2 · 5x · 5 / 4

// Three ways to do without gradients. First: say so, in place.
x = torch.rand(5, { requires_grad: true })
print(x)
x.requires_grad_(false)
print(x)

// Second: the same values, cut off from their history.
x = torch.rand(5, { requires_grad: true })
print(x)
y = x.detach()
print(y)

// Third: do not record in the first place.
torch.no_grad(() => {
  y = x ** 2 + 2
  print(y)
})

// backward() adds to .grad. Nothing here sets it to zero, so it grows: 2, 4, 6, 8.
let W = torch.ones(3, { requires_grad: true })
for (let epoch = 0; epoch < 4; epoch++) {
  const out = (W * 2).sum()
  out.backward()
  print(W.grad)
}

// Set to zero after each step, it stays 2.
W = torch.ones(3, { requires_grad: true })
for (let epoch = 0; epoch < 4; epoch++) {
  const out = (W * 2).sum()
  out.backward()
  print(W.grad)
  W.grad.zero_()
}

// A perceptron with one input, one weight and one output, for one epoch.
const input = torch.tensor(2)
const output = torch.tensor(10)
W = torch.tensor(1, { requires_grad: true })
let pred = W * input
const squared = (pred - output) ** 2
print(squared)
squared.backward()
print(W.grad) // 2 · (2 − 10) · 2

// The training loop. Predict, measure the loss, go back, step, clear: again and again.
x = torch.randint(1, 10, [5], { dtype: torch.float32 })
y = torch.randint(1, 10, [5], { dtype: torch.float32 })
w = torch.zeros(1, { requires_grad: true, dtype: torch.float32 })
print(x, y)

function forward(x) {
  return w * x
}

const lr = 0.01
const n_iter = 11
const loss = new nn.MSELoss()
const optimizer = new torch.optim.SGD([w], { lr })
for (let epoch = 0; epoch < n_iter; epoch++) {
  pred = forward(x)
  const l = loss(y, pred)
  l.backward() // gradients
  optimizer.step() // change the weight
  optimizer.zero_grad() // clear the gradients
  if (epoch % 5 === 0) {
    print(`epoch ${epoch}: w = ${w}, loss = ${l}`)
  }
}
