// Example 8: a recurrent network that writes. It reads a rhyme letter by letter and learns which comes next.
import torch from "torch"
import nn from "torch/nn"
import F from "torch/nn/functional"

torch.manual_seed(0)

const text = `twinkle, twinkle, little star,
how i wonder what you are!
up above the world so high,
like a diamond in the sky.
`

// Letters become numbers: each one's place in the alphabet of this text.
const alphabet = [...new Set(text)].sort()
const encode = (letters: string) => torch.tensor([...letters].map((letter) => BigInt(alphabet.indexOf(letter))))
const data = encode(text)
print(text.length, "letters,", alphabet.length, "different")

// From each letter and what it remembers of those before, the network updates its memory, the hidden
// state, and scores every letter of the alphabet as the next.
const HIDDEN = 32
class CharRNN extends nn.Module {
  embedding = new nn.Embedding(alphabet.length, 16)
  rnn = new nn.RNN(16, HIDDEN, { batch_first: true })
  output = new nn.Linear(HIDDEN, alphabet.length)

  forward(letters: torch.Tensor, hidden: torch.Tensor | null = null) {
    const [states, last] = this.rnn(this.embedding(letters), hidden) // (N, L, HIDDEN), (1, N, HIDDEN)
    return [this.output(states), last]
  }
}

const model = new CharRNN()
const optimizer = new torch.optim.Adam(model.parameters(), { lr: 0.01 })

// Each step takes 8 pieces of 16 letters from random places. The targets are the same pieces one
// letter later, so that every letter is a lesson about its successor.
const LENGTH = 16
const BATCH = 8
for (let step = 0; step < 100; step++) {
  const starts = torch.randint(0, text.length - LENGTH, [BATCH])
  const places = starts.unsqueeze(1) + torch.arange(LENGTH) // (BATCH, LENGTH)
  const [scores] = model(data[places])
  const loss = F.cross_entropy(scores.flatten(0, 1), data[places + 1].flatten())
  optimizer.zero_grad()
  loss.backward()
  nn.utils.clip_grad_norm_(model.parameters(), 1) // a recurrent network's gradients can explode
  optimizer.step()
  print(`step ${step}: loss = ${loss.item().toFixed(4)}`)
}

// It goes on from "twinkle" by itself: the likeliest letter becomes the next one it reads.
torch.no_grad(() => {
  let written = "twinkle"
  let [scores, hidden] = model(encode(written).unsqueeze(0))
  for (let i = 0; i < 40; i++) {
    const next = scores[0, -1].argmax()
    written += alphabet[next.item()]
    ;[scores, hidden] = model(next.view(1, 1), hidden)
  }
  print(written)
})
