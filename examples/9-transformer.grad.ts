// Example 9: a transformer. A small language model of two layers learns how a speech goes on.
import torch from "torch"
import nn from "torch/nn"
import F from "torch/nn/functional"

torch.manual_seed(2)

const text = `to be, or not to be, that is the question:
whether 'tis nobler in the mind to suffer
`

// Letters become numbers: each one's place in the alphabet of this text.
const alphabet = [...new Set(text)].sort()
const encode = (letters: string) => torch.tensor([...letters].map((letter) => BigInt(alphabet.indexOf(letter))))
const data = encode(text)
print(text.length, "letters,", alphabet.length, "different")

const CONTEXT = 16 // how many letters the model sees at once
const WIDTH = 32 // how many numbers stand for a letter inside

// What attention may not look at: −inf above the diagonal hides every letter that is still to come.
const mask = nn.Transformer.generate_square_subsequent_mask(CONTEXT)
print(mask["0:3", "0:3"])

class LanguageModel extends nn.Module {
  letter = new nn.Embedding(alphabet.length, WIDTH)
  place = new nn.Embedding(CONTEXT, WIDTH) // attention does not know about order; this tells it
  encoder = new nn.TransformerEncoder(
    new nn.TransformerEncoderLayer(WIDTH, 4, { dim_feedforward: 32, dropout: 0, batch_first: true }),
    2,
  )
  output = new nn.Linear(WIDTH, alphabet.length)

  forward(letters: torch.Tensor) {
    const length = letters.shape[1]
    const x = this.letter(letters) + this.place(torch.arange(length)) // (N, length, WIDTH)
    const seen = this.encoder(x, { mask: mask[`:${length}`, `:${length}`] })
    return this.output(seen) // at every place, a score for each letter to come next
  }
}

const model = new LanguageModel()
print(model.parameters().reduce((count, weight) => count + weight.numel(), 0), "weights")
const optimizer = new torch.optim.AdamW(model.parameters(), { lr: 0.007 })

// Each step takes 4 pieces from random places. The targets are the same pieces one letter later.
const BATCH = 4
for (let step = 0; step < 90; step++) {
  const starts = torch.randint(0, text.length - CONTEXT, [BATCH])
  const places = starts.unsqueeze(1) + torch.arange(CONTEXT) // (BATCH, CONTEXT)
  const scores = model(data[places])
  const loss = F.cross_entropy(scores.flatten(0, 1), data[places + 1].flatten())
  optimizer.zero_grad()
  loss.backward()
  optimizer.step()
  print(`step ${step}: loss = ${loss.item().toFixed(4)}`)
}

// It goes on from "whether" by itself: the likeliest letter becomes part of what it reads.
torch.no_grad(() => {
  let written = "whether"
  for (let i = 0; i < 40; i++) {
    const scores = model(encode(written.slice(-CONTEXT)).unsqueeze(0))
    written += alphabet[scores[0, -1].argmax().item()]
  }
  print(written)
})
