"""examples/6-spirals.grad.ts in PyTorch; what it prints is test/training/expected/spirals.txt."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)

POINTS = 40
ARMS = 3
radius = torch.linspace(0.1, 1, POINTS)
arms = []
for arm in range(ARMS):
    start = 2 * math.pi * arm / ARMS
    angle = 4 * radius + start + 0.1 * torch.randn(POINTS)
    arms.append(torch.stack([radius * angle.cos(), radius * angle.sin()], dim=1))
points = torch.cat(arms)
labels = torch.arange(ARMS).repeat_interleave(POINTS)
print(list(points.shape), list(labels.shape))


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden1 = nn.Linear(2, 16)
        self.hidden2 = nn.Linear(16, 16)
        self.output = nn.Linear(16, ARMS)

    def forward(self, x):
        x = F.relu(self.hidden1(x))
        x = F.relu(self.hidden2(x))
        return self.output(x)


model = Classifier()
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)

for step in range(150):
    scores = model(points)
    loss = F.cross_entropy(scores, labels)
    accuracy = (scores.argmax(1) == labels).to(torch.float32).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(f"step {step}: loss = {loss.item():.4f}, accuracy = {accuracy.item():.4f}")

with torch.no_grad():
    probabilities = F.softmax(model(torch.tensor([[0.5, 0.5], [0.0, 0.0]])), 1)
    print(probabilities.round(decimals=2))
