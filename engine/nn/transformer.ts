import type { Device } from "../device";
import type { DType } from "../dtype";
import { RuntimeError } from "../errors";
import { F, torch } from "../op/define";
import { isKeywords } from "../op/keywords";
import { signature } from "../op/signature";
import { sameShape } from "../shape";
import { Tensor } from "../tensor";
import { canonicalMask, MultiheadAttention } from "./attention";
import { ModuleList } from "./container";
import { Dropout } from "./dropout";
import { xavier_uniform_ } from "./init";
import { Linear } from "./linear";
import { Module } from "./module";
import { LayerNorm } from "./normalization";
import { Parameter } from "./parameter";

type Activation = (input: Tensor) => Tensor;

export interface TransformerLayerOptions {
  /** Features between the two linear layers. */
  dim_feedforward?: number;
  dropout?: number;
  activation?: "relu" | "gelu" | Activation;
  layer_norm_eps?: number;
  /** Whether batches come as (N, L, E) rather than (L, N, E). */
  batch_first?: boolean;
  /** Normalise what goes into each block rather than what comes out. */
  norm_first?: boolean;
  bias?: boolean;
  device?: Device | string | null;
  dtype?: DType | null;
}

interface LayerSettings {
  d_model: number;
  nhead: number;
  dim_feedforward: number;
  dropout: number;
  activation: Activation;
  layer_norm_eps: number;
  batch_first: boolean;
  norm_first: boolean;
  bias: boolean;
  dtype: DType | null;
}

interface EncoderOptions {
  norm?: Module | null;
  enable_nested_tensor?: boolean;
  mask_check?: boolean;
}

const encoderArguments = signature(
  "TransformerEncoder(encoder_layer: any, num_layers: int, norm: any = null, enable_nested_tensor = true, mask_check = true)",
);
const decoderArguments = signature(
  "TransformerDecoder(decoder_layer: any, num_layers: int, norm: any = null)",
);

const layerArguments = signature(
  "TransformerLayer(d_model: int, nhead: int, dim_feedforward: int = 2048, dropout: float = 0.1, activation: str = 'relu', layer_norm_eps: float = 0.00001, batch_first = false, norm_first = false, bias = true, device: device? = null, dtype: dtype? = null)",
);

/** A layer's arguments in order and checked. */
function layerSettings(args: readonly unknown[], called: string): LayerSettings {
  const { given, rest } = takeFunction(args, 4);
  const [
    d_model,
    nhead,
    dim_feedforward,
    dropout,
    name,
    layer_norm_eps,
    batch_first,
    norm_first,
    bias,
    ,
    dtype,
  ] = layerArguments(rest, called);
  const activation = given ?? activationNamed(name);
  return {
    d_model,
    nhead,
    dim_feedforward,
    dropout,
    activation,
    layer_norm_eps,
    batch_first,
    norm_first,
    bias,
    dtype,
  };
}

/** Takes a function given for `activation`, at its place or as keyword, out of arguments that are then checked. */
function takeFunction(
  args: readonly unknown[],
  place: number,
): { given: Activation | null; rest: unknown[] } {
  const rest = [...args];
  const last = rest.at(-1);
  if (isKeywords(last) && typeof last.activation === "function") {
    const { activation, ...others } = last;
    rest[rest.length - 1] = others;
    return { given: activation as Activation, rest };
  }
  if (typeof rest[place] !== "function") return { given: null, rest };
  const given = rest[place] as Activation;
  rest[place] = "relu";
  return { given, rest };
}

function activationNamed(name: string): Activation {
  if (name === "relu") return (input) => F.relu(input);
  if (name === "gelu") return (input) => F.gelu(input);
  throw new RuntimeError(`activation should be relu/gelu, not ${name}`);
}

/** Masks of an encoder layer. */
export interface EncoderLayerMasks {
  src_mask?: Tensor | null;
  src_key_padding_mask?: Tensor | null;
  is_causal?: boolean;
}

/** An encoder's masks as keywords, or the first ones by position. A call's type shows only one signature. */
export type EncoderMaskArguments<Masks, First extends string> =
  | [options?: Masks]
  | [mask: Tensor | null, options?: Omit<Masks, First>]
  | [mask: Tensor | null, src_key_padding_mask: Tensor | null, is_causal?: boolean];

const encoderLayerForward = signature(
  "forward(src: Tensor, src_mask: Tensor? = null, src_key_padding_mask: Tensor? = null, is_causal = false)",
);

/**
 * Self-attention and a two-layer network, each added to its input and normalised: (L, N, E) → (L, N, E).
 * Source: torch.nn.TransformerEncoderLayer; Vaswani et al. 2017.
 */
export class TransformerEncoderLayer extends Module {
  self_attn: MultiheadAttention;
  linear1: Linear;
  dropout: Dropout;
  linear2: Linear;
  norm_first: boolean;
  norm1: LayerNorm;
  norm2: LayerNorm;
  dropout1: Dropout;
  dropout2: Dropout;

  constructor(d_model: number, nhead: number, options?: TransformerLayerOptions);
  constructor(
    d_model: number,
    nhead: number,
    dim_feedforward: number,
    options?: Omit<TransformerLayerOptions, "dim_feedforward">,
  );
  constructor(...args: unknown[]) {
    super();
    const settings = layerSettings(args, "TransformerEncoderLayer");
    const { d_model, nhead, dim_feedforward, dropout, bias, dtype, batch_first } = settings;
    const norm = { eps: settings.layer_norm_eps, bias, dtype };
    this.self_attn = new MultiheadAttention(d_model, nhead, { dropout, bias, batch_first, dtype });
    this.linear1 = new Linear(d_model, dim_feedforward, { bias, dtype });
    this.dropout = new Dropout(dropout);
    this.linear2 = new Linear(dim_feedforward, d_model, { bias, dtype });
    this.norm_first = settings.norm_first;
    this.norm1 = new LayerNorm(d_model, norm);
    this.norm2 = new LayerNorm(d_model, norm);
    this.dropout1 = new Dropout(dropout);
    this.dropout2 = new Dropout(dropout);
    hideActivation(this, settings.activation);
  }

  override forward(src: Tensor, ...masks: EncoderMaskArguments<EncoderLayerMasks, "src_mask">): Tensor;
  override forward(...args: unknown[]): Tensor {
    const [src, src_mask, src_key_padding_mask, is_causal] = encoderLayerForward(args);
    const key_padding_mask = canonicalMask(src_key_padding_mask, "src_key_padding_mask", src.dtype);
    const attn_mask = canonicalMask(src_mask, "src_mask", src.dtype);
    const attend = (x: Tensor) =>
      this.dropout1(
        this.self_attn(x, x, x, { attn_mask, key_padding_mask, need_weights: false, is_causal })[0],
      );
    const feed = (x: Tensor) => this.dropout2(feedForward(this, x));
    if (this.norm_first) {
      const x = src.add(attend(this.norm1(src)));
      return x.add(feed(this.norm2(x)));
    }
    const x = this.norm1(src.add(attend(src)));
    return this.norm2(x.add(feed(x)));
  }
}

interface FeedForward {
  linear1: Linear;
  dropout: Dropout;
  linear2: Linear;
}

const activations = new WeakMap<FeedForward, Activation>();

/** Keeps the activation beside the module: as a field, one that is a module would be printed. */
function hideActivation(layer: FeedForward & Module, activation: Activation): void {
  if (activation instanceof Module) Object.assign(layer, { activation });
  else activations.set(layer, activation);
}

function activationOf(layer: FeedForward): Activation {
  return activations.get(layer) ?? (layer as unknown as { activation: Activation }).activation;
}

function feedForward(layer: FeedForward, x: Tensor): Tensor {
  return layer.linear2(layer.dropout(activationOf(layer)(layer.linear1(x))));
}

/** Masks of a decoder and its layers. */
export interface DecoderMasks {
  tgt_mask?: Tensor | null;
  memory_mask?: Tensor | null;
  tgt_key_padding_mask?: Tensor | null;
  memory_key_padding_mask?: Tensor | null;
  tgt_is_causal?: boolean | null;
  memory_is_causal?: boolean;
}

/** A decoder's masks as keywords, or the first ones by position. */
export type DecoderMaskArguments =
  | [options?: DecoderMasks]
  | [tgt_mask: Tensor | null, options?: Omit<DecoderMasks, "tgt_mask">]
  | [
      tgt_mask: Tensor | null,
      memory_mask: Tensor | null,
      options?: Omit<DecoderMasks, "tgt_mask" | "memory_mask">,
    ];

const decoderForward = signature(
  "forward(tgt: Tensor, memory: Tensor, tgt_mask: Tensor? = null, memory_mask: Tensor? = null, tgt_key_padding_mask: Tensor? = null, memory_key_padding_mask: Tensor? = null, tgt_is_causal: bool? = null, memory_is_causal = false)",
);

/**
 * As an encoder layer, with attention to the encoder's output between its two parts: tgt (T, N, E), memory (S, N, E) →
 * (T, N, E). Source: torch.nn.TransformerDecoderLayer.
 */
export class TransformerDecoderLayer extends Module {
  self_attn: MultiheadAttention;
  multihead_attn: MultiheadAttention;
  linear1: Linear;
  dropout: Dropout;
  linear2: Linear;
  norm_first: boolean;
  norm1: LayerNorm;
  norm2: LayerNorm;
  norm3: LayerNorm;
  dropout1: Dropout;
  dropout2: Dropout;
  dropout3: Dropout;

  constructor(d_model: number, nhead: number, options?: TransformerLayerOptions);
  constructor(
    d_model: number,
    nhead: number,
    dim_feedforward: number,
    options?: Omit<TransformerLayerOptions, "dim_feedforward">,
  );
  constructor(...args: unknown[]) {
    super();
    const settings = layerSettings(args, "TransformerDecoderLayer");
    const { d_model, nhead, dim_feedforward, dropout, bias, dtype, batch_first } = settings;
    const norm = { eps: settings.layer_norm_eps, bias, dtype };
    const attention = { dropout, bias, batch_first, dtype };
    this.self_attn = new MultiheadAttention(d_model, nhead, attention);
    this.multihead_attn = new MultiheadAttention(d_model, nhead, attention);
    this.linear1 = new Linear(d_model, dim_feedforward, { bias, dtype });
    this.dropout = new Dropout(dropout);
    this.linear2 = new Linear(dim_feedforward, d_model, { bias, dtype });
    this.norm_first = settings.norm_first;
    this.norm1 = new LayerNorm(d_model, norm);
    this.norm2 = new LayerNorm(d_model, norm);
    this.norm3 = new LayerNorm(d_model, norm);
    this.dropout1 = new Dropout(dropout);
    this.dropout2 = new Dropout(dropout);
    this.dropout3 = new Dropout(dropout);
    hideActivation(this, settings.activation);
  }

  override forward(tgt: Tensor, memory: Tensor, ...masks: DecoderMaskArguments): Tensor;
  override forward(...args: unknown[]): Tensor {
    const [tgt, memory, tgt_mask, memory_mask, tgt_padding, memory_padding, tgt_causal, memory_causal] =
      decoderForward(args);
    const attend = (x: Tensor) =>
      this.dropout1(
        this.self_attn(x, x, x, {
          attn_mask: tgt_mask,
          key_padding_mask: tgt_padding,
          is_causal: tgt_causal ?? false,
          need_weights: false,
        })[0],
      );
    const look = (x: Tensor) =>
      this.dropout2(
        this.multihead_attn(x, memory, memory, {
          attn_mask: memory_mask,
          key_padding_mask: memory_padding,
          is_causal: memory_causal,
          need_weights: false,
        })[0],
      );
    const feed = (x: Tensor) => this.dropout3(feedForward(this, x));
    if (this.norm_first) {
      let x = tgt.add(attend(this.norm1(tgt)));
      x = x.add(look(this.norm2(x)));
      return x.add(feed(this.norm3(x)));
    }
    let x = this.norm1(tgt.add(attend(tgt)));
    x = this.norm2(x.add(look(x)));
    return this.norm3(x.add(feed(x)));
  }
}

/** Copies of a module with parameters of their own. */
function clones<M extends Module>(module: M, count: number): ModuleList {
  return new ModuleList(Array.from({ length: count }, () => copyOf(module)));
}

function copyOf<M extends Module>(module: M): M {
  const copy = new Module() as M;
  Object.setPrototypeOf(copy, Object.getPrototypeOf(module));
  for (const key of Reflect.ownKeys(module)) {
    const property = Object.getOwnPropertyDescriptor(module, key)!;
    if (key === "prototype" || !("value" in property)) continue;
    Object.defineProperty(copy, key, { ...property, value: copyOfField(property.value) });
  }
  const activation = activations.get(module as unknown as FeedForward);
  if (activation !== undefined) activations.set(copy as unknown as FeedForward, activation);
  return copy;
}

function copyOfField(value: unknown): unknown {
  if (value instanceof Module) return copyOf(value);
  if (value instanceof Parameter) return new Parameter(value.detach().clone(), value.requires_grad);
  if (value instanceof Tensor) return value.detach().clone();
  if (value instanceof Set) return new Set(value);
  return value instanceof Map ? new Map(value) : value;
}

const encoderForward = signature(
  "forward(src: Tensor, mask: Tensor? = null, src_key_padding_mask: Tensor? = null, is_causal: bool? = null)",
);

/** Masks of an encoder. */
export interface EncoderMasks {
  mask?: Tensor | null;
  src_key_padding_mask?: Tensor | null;
  is_causal?: boolean | null;
}

/** `num_layers` copies of a layer one after another, and a last normalisation. Source: torch.nn.TransformerEncoder. */
export class TransformerEncoder extends Module {
  layers: Module;
  num_layers: number;
  norm: Module | null;

  /** The last two options choose ways to compute in PyTorch that give the same values. */
  constructor(
    encoder_layer: TransformerEncoderLayer,
    num_layers: number,
    options?: EncoderOptions | Module | null,
  );
  constructor(options: { encoder_layer: TransformerEncoderLayer; num_layers: number } & EncoderOptions);
  constructor(...args: unknown[]) {
    super();
    const [layer, num_layers, norm] = encoderArguments(args);
    this.layers = clones(layer as TransformerEncoderLayer, num_layers);
    this.num_layers = num_layers;
    this.norm = norm as Module | null;
  }

  override forward(src: Tensor, ...masks: EncoderMaskArguments<EncoderMasks, "mask">): Tensor;
  override forward(...args: unknown[]): Tensor {
    const [src, given, padding, promised] = encoderForward(args);
    const src_key_padding_mask = canonicalMask(padding, "src_key_padding_mask", src.dtype);
    const src_mask = canonicalMask(given, "mask", src.dtype);
    const layers = this.layers.children() as TransformerEncoderLayer[];
    const is_causal = isCausal(src_mask, promised, sequenceLength(src, layers[0]));
    const output = layers.reduce<Tensor>(
      (x, layer) => layer(x, { src_mask, is_causal, src_key_padding_mask }),
      src,
    );
    return this.norm === null ? output : this.norm(output);
  }
}

/** `num_layers` copies of a layer one after another, and a last normalisation. Source: torch.nn.TransformerDecoder. */
export class TransformerDecoder extends Module {
  layers: Module;
  num_layers: number;
  norm: Module | null;

  constructor(
    decoder_layer: TransformerDecoderLayer,
    num_layers: number,
    options?: { norm?: Module | null } | Module | null,
  );
  constructor(options: {
    decoder_layer: TransformerDecoderLayer;
    num_layers: number;
    norm?: Module | null;
  });
  constructor(...args: unknown[]) {
    super();
    const [layer, num_layers, norm] = decoderArguments(args);
    this.layers = clones(layer as TransformerDecoderLayer, num_layers);
    this.num_layers = num_layers;
    this.norm = norm as Module | null;
  }

  override forward(tgt: Tensor, memory: Tensor, ...masks: DecoderMaskArguments): Tensor;
  override forward(...args: unknown[]): Tensor {
    const [tgt, memory, tgt_mask, memory_mask, tgt_padding, memory_padding, promised, memory_is_causal] =
      decoderForward(args);
    const layers = this.layers.children() as TransformerDecoderLayer[];
    const masks = {
      tgt_mask,
      memory_mask,
      tgt_key_padding_mask: tgt_padding,
      memory_key_padding_mask: memory_padding,
      tgt_is_causal: isCausal(tgt_mask, promised, sequenceLength(tgt, layers[0])),
      memory_is_causal,
    };
    const output = layers.reduce<Tensor>((x, layer) => layer(x, memory, masks), tgt);
    return this.norm === null ? output : this.norm(output);
  }
}

function sequenceLength(t: Tensor, layer: { self_attn: MultiheadAttention }): number {
  return t.shape.length === 3 && layer.self_attn.batch_first ? t.shape[1] : t.shape[0];
}

/** Whether a mask is the causal one, unless the caller says. Source: torch.nn.modules.transformer._detect_is_causal_mask. */
function isCausal(mask: Tensor | null, promised: boolean | null, length: number): boolean {
  if (promised !== null) return promised;
  if (mask === null || !sameShape(mask.shape, [length, length])) return false;
  return mask.equal(Transformer.generate_square_subsequent_mask(length, { dtype: mask.dtype }));
}

export interface TransformerOptions extends TransformerLayerOptions {
  d_model?: number;
  nhead?: number;
  num_encoder_layers?: number;
  num_decoder_layers?: number;
  custom_encoder?: Module | null;
  custom_decoder?: Module | null;
}

/** Masks of the whole. */
export interface TransformerMasks extends DecoderMasks {
  src_mask?: Tensor | null;
  src_key_padding_mask?: Tensor | null;
  src_is_causal?: boolean | null;
}

/** A transformer's masks as keywords, or the first ones by position. */
export type TransformerMaskArguments =
  | [options?: TransformerMasks]
  | [src_mask: Tensor | null, options?: Omit<TransformerMasks, "src_mask">]
  | [
      src_mask: Tensor | null,
      tgt_mask: Tensor | null,
      options?: Omit<TransformerMasks, "src_mask" | "tgt_mask">,
    ];

const transformerArguments = signature(
  "Transformer(d_model: int = 512, nhead: int = 8, num_encoder_layers: int = 6, num_decoder_layers: int = 6, dim_feedforward: int = 2048, dropout: float = 0.1, activation: str = 'relu', layer_norm_eps: float = 0.00001, batch_first = false, norm_first = false, bias = true, device: device? = null, dtype: dtype? = null)",
);
const transformerForward = signature(
  "forward(src: Tensor, tgt: Tensor, src_mask: Tensor? = null, tgt_mask: Tensor? = null, memory_mask: Tensor? = null, src_key_padding_mask: Tensor? = null, tgt_key_padding_mask: Tensor? = null, memory_key_padding_mask: Tensor? = null, src_is_causal: bool? = null, tgt_is_causal: bool? = null, memory_is_causal = false)",
);

/** An encoder and a decoder: src (S, N, E), tgt (T, N, E) → (T, N, E). Source: torch.nn.Transformer; Vaswani et al. 2017. */
export class Transformer extends Module {
  encoder: Module;
  decoder: Module;
  d_model: number;
  nhead: number;
  batch_first: boolean;

  constructor(options?: TransformerOptions);
  constructor(d_model: number, nhead: number, options?: TransformerOptions);
  constructor(
    d_model: number,
    nhead: number,
    num_encoder_layers: number,
    num_decoder_layers: number,
    options?: TransformerOptions,
  );
  constructor(...args: unknown[]) {
    super();
    const { custom_encoder, custom_decoder, checked } = takeCustom(args);
    const { given, rest } = takeFunction(checked, 6);
    const [
      d_model,
      nhead,
      encoders,
      decoders,
      dim_feedforward,
      dropout,
      name,
      eps,
      batch_first,
      norm_first,
      bias,
      ,
      dtype,
    ] = transformerArguments(rest);
    const activation = given ?? activationNamed(name);
    const options = {
      dim_feedforward,
      dropout,
      activation,
      layer_norm_eps: eps,
      batch_first,
      norm_first,
      bias,
      dtype,
    };
    const norm = () => new LayerNorm(d_model, { eps, bias, dtype });
    this.encoder =
      custom_encoder ??
      new TransformerEncoder(new TransformerEncoderLayer(d_model, nhead, options), encoders, norm());
    this.decoder =
      custom_decoder ??
      new TransformerDecoder(new TransformerDecoderLayer(d_model, nhead, options), decoders, norm());
    for (const parameter of this.parameters()) if (parameter.dim() > 1) xavier_uniform_(parameter);
    this.d_model = d_model;
    this.nhead = nhead;
    this.batch_first = batch_first;
  }

  override forward(src: Tensor, tgt: Tensor, ...masks: TransformerMaskArguments): Tensor;
  override forward(...args: unknown[]): Tensor {
    const [src, tgt, src_mask, tgt_mask, memory_mask, src_padding, tgt_padding, memory_padding, ...causal] =
      transformerForward(args);
    const [src_is_causal, tgt_is_causal, memory_is_causal] = causal;
    const batch = this.batch_first ? 0 : 1;
    if (src.shape.length === 3 && src.shape[batch] !== tgt.shape[batch])
      throw new RuntimeError("the batch number of src and tgt must be equal");
    if (src.shape.at(-1) !== this.d_model || tgt.shape.at(-1) !== this.d_model)
      throw new RuntimeError("the feature number of src and tgt must be equal to d_model");
    const memory: Tensor = this.encoder(src, {
      mask: src_mask,
      src_key_padding_mask: src_padding,
      is_causal: src_is_causal,
    });
    return this.decoder(tgt, memory, {
      tgt_mask,
      memory_mask,
      tgt_key_padding_mask: tgt_padding,
      memory_key_padding_mask: memory_padding,
      tgt_is_causal,
      memory_is_causal,
    });
  }

  /** (sz, sz), 0 where a place may look, −inf at later places. Source: torch.nn.Transformer.generate_square_subsequent_mask. */
  static generate_square_subsequent_mask(
    sz: number,
    { dtype = null }: { dtype?: DType | null } = {},
  ): Tensor {
    return torch.full([sz, sz], Number.NEGATIVE_INFINITY, { dtype }).triu(1);
  }
}

interface Custom {
  custom_encoder: Module | null;
  custom_decoder: Module | null;
  checked: unknown[];
}

/** Takes the parts that are modules out of the keywords. */
function takeCustom(args: readonly unknown[]): Custom {
  const checked = [...args];
  const last = checked.at(-1);
  if (!isKeywords(last)) return { custom_encoder: null, custom_decoder: null, checked };
  const { custom_encoder = null, custom_decoder = null, ...others } = last;
  checked[checked.length - 1] = others;
  return {
    custom_encoder: custom_encoder as Module | null,
    custom_decoder: custom_decoder as Module | null,
    checked,
  };
}
