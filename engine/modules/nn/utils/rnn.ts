import * as rnn from "../../../nn/rnn_utils";

export * from "../../../nn/rnn_utils";
export default rnn;
