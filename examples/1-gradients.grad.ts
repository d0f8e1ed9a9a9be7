// Lesson 1: gradients. One step, several steps, a one-layer network, and how to do without.
import torch from "torch"
import F from "torch/nn/functional"

// One step: y = 2x⁴ + x³ + 3x² + 5x + 1 at x = 2.
let x = torch.tensor(2, { requires_grad: true })
let y = 2 * x ** 4 + x ** 3 + 3 * x ** 2 + 5 * x + 1
print(y)
y.backward()
print(x.grad) // y' = 8x³ + 3x² + 6x + 5 = 93, the slope of the polynomial at x = 2

// Several steps: backward() follows the chain from out through z and y back to x.
x = torch.tensor([[1, 2, 3], [3, 2, 1]], { requires_grad: true })
print(x)
print(x.grad)
y = 3 * x + 2
y.retain_grad() // only leaves keep their gradient by themselves
let z = 2 * y ** 2
const out = z.mean()
out.backward()
print(x.grad)
print(1 / 6 * 4 * y * 3) // the same by hand: ∂out/∂x = 1/6 · 4y · 3
print(y.grad)

// A one-layer network: parameters w and b, five inputs, three outputs that should be 0.
torch.manual_seed(0) // the same random numbers every time, and the same as PyTorch's
x = torch.ones(5)
y = torch.zeros(3)
const w = torch.randn(5, 3, { requires_grad: true })
const b = torch.randn(3, { requires_grad: true })
z = torch.matmul(x, w) + b
const loss = F.binary_cross_entropy_with_logits(z, y)
print(z.grad_fn.name())
print(loss.grad_fn.name())
print(loss)
loss.backward()
print(w.grad)
print(b.grad)

// Without tracking: inside no_grad nothing is recorded, so there is nothing to go back through.
z = torch.matmul(x, w) + b
print(z.requires_grad)
z = torch.no_grad(() => torch.matmul(x, w) + b)
print(z.requires_grad)

// detach() gives the same values without their history.
z = torch.matmul(x, w) + b
const z_det = z.detach()
print(z_det.requires_grad)
