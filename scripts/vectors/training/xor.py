"""examples/5-xor.grad.ts in PyTorch; what it prints is test/training/expected/xor.txt."""

import torch
import torch.nn as nn

torch.manual_seed(0)

inputs = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
targets = torch.tensor([[0.0], [1.0], [1.0], [0.0]])

model = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1))
print(model)

loss_fn = nn.BCEWithLogitsLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.2, momentum=0.9)

for step in range(100):
    loss = loss_fn(model(inputs), targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(f"step {step}: loss = {loss.item():.4f}")

with torch.no_grad():
    print(torch.sigmoid(model(inputs)).round(decimals=2))
