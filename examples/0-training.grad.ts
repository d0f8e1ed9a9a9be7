// Lesson 0: what training does. A forward pass, a backward pass, an update.
//
// Beside each line stands what it computed; ∇ is the gradient that backward() left there.
// Hover over any value for the whole of it. Change a number and watch the rest follow.
import torch from "torch"

// One observation with two features, say mean area 4 and concavities 5.
// .T has nothing to swap in a single dimension, but it is an operation, so x is no longer a leaf.
let x = torch.tensor([4, 5], { requires_grad: true }).T
print(x)

// The parameters of our linear function z = 2·x₁ + 3·x₂ − 3.
let w = torch.tensor([2, 3], { requires_grad: true })
const b = torch.tensor([-3], { requires_grad: true })

function linear(x) {
  return w @ x + b
}
print(linear(x))

// The loss is the squared distance to the target: (24 − 20)² = 16.
function squared_error(y, z) {
  return (y - z) @ (y - z)
}
const y = torch.tensor(24, { requires_grad: true })
const loss = squared_error(y, linear(x))
print(loss)

// The loss knows how it was made: a dot product, of two subtractions.
print(loss.grad_fn.name())
print(loss.grad_fn.next_functions.map(([node]) => node.name()))

// There are no gradients until we ask for them.
print(loss.grad, w.grad)
loss.backward()

// ∂loss/∂y = 2 (y − z) = 8: raising the target by a little raises the loss eight times as much.
print(y.grad)

// ∂loss/∂w = −2 (y − z) · x = −8 · [4, 5]. It is negative because z is below its target:
// raising w raises z, which brings it closer and so lowers the loss.
print(w.grad)

// What is left when the upstream gradient is divided out is the local one: −x.
const local_gradient = w.grad / y.grad
print(local_gradient)

// A step changes the parameters by a small multiple of the gradient …
print(w)
print(w + 0.001 * w.grad)

// … and before the next one the gradient is set to zero, because backward() adds to it.
print(w.grad.zero_())

// The takeaway: with requires_grad every result remembers what it was computed from.
x = torch.tensor([4, 5], { requires_grad: true })
w = torch.tensor([2, 3], { requires_grad: true })
const z = w @ x
print(z)
