// Lesson 3: gradients and optimisation. From the chain rule to a first step downhill.
import torch from "torch"

torch.manual_seed(0)

// z = 2y² with y = x + 2, averaged over three elements. The chain rule gives ∂z/∂x = 4y / 3.
let x = torch.randn(3, { requires_grad: true })
print(x)
let y = x + 2
print(y)
const z = (2 * y ** 2).mean()
z.backward()
print(x.grad)
print(4 * y / 3) // the same by hand

// Without gradients, when we only want values.
x = torch.tensor([1, 2, 3], { requires_grad: true })
y = x * 5
print(y)
y = torch.no_grad(() => x * 5)
print(y)

// The smallest regression there is: y = m·x. The data say m = 2; our first guess is 1.
x = torch.tensor([1, 2, 3])
y = torch.tensor([2, 4, 6])
let m = torch.tensor(1, { requires_grad: true })
const y_pred = m * x
const loss = ((y_pred - y) ** 2).mean()
print(loss)
loss.backward()
print(m.grad)

// A step against the gradient: m grows from 1 towards 2.
const learning_rate = 0.01
m = m - learning_rate * m.grad
print(m)
